import Basics

/// Embeddings by image_id.
public struct EmbeddingRows: Sendable {
    private let matrix: EmbeddingMatrix
    private let rows: [String: Int]
    private let path: String

    /// Finds the row of each photograph.
    ///
    /// - Parameters:
    ///   - matrix: The embeddings.
    ///   - ids: The photograph of each row.
    ///   - path: The embeddings' file, for messages.
    public init(_ matrix: EmbeddingMatrix, ids: [String], path: String) {
        self.matrix = matrix
        rows = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
        self.path = path
    }

    /// Whether a photograph has an embedding; an unreadable one does not.
    public func has(_ id: String) -> Bool { rows[id] != nil }

    /// One row for each photograph, in the given order.
    ///
    /// - Throws: `FileError` for a photograph without an embedding.
    public func matrix(of ids: some Sequence<String>) throws -> EmbeddingMatrix {
        try matrix.selecting(
            rows: ids.map { id in
                guard let row = rows[id] else {
                    throw FileError.malformed(
                        path: path, line: nil, problem: "photograph \(quoted: id) has no embedding",
                        remedy: "Embed the folder again.")
                }
                return row
            })
    }
}
