import Basics
import Catalog
import Foundation
import Retrieval

/// Embeddings with the photograph of each row.
struct LabelledEmbeddings {
    let matrix: EmbeddingMatrix
    let ids: [String]

    /// Reads an `.npy` file and the `.csv` of image_ids next to it.
    ///
    /// - Throws: ``FileError``, ``WorkflowError/rowsDiffer(embeddings:rows:data:photographs:)``,
    ///   ``WorkflowError/notFinite(embeddings:row:photograph:)``.
    static func read(_ url: URL) throws -> LabelledEmbeddings {
        let matrix = EmbeddingMatrix(try NPYMatrix.read(url))
        let list = list(of: url)
        let ids = try ids(list)
        guard ids.count == matrix.rows else {
            throw WorkflowError.rowsDiffer(
                embeddings: url.path, rows: matrix.rows, data: list.path, photographs: ids.count)
        }
        return try LabelledEmbeddings(finite: matrix, ids: ids, of: url)
    }

    /// Refuses rows with NaN or infinity, and names the photograph.
    private init(finite matrix: EmbeddingMatrix, ids: [String], of url: URL) throws {
        if let row = matrix.firstRowNotFinite {
            throw WorkflowError.notFinite(embeddings: url.path, row: row, photograph: ids[row])
        }
        self.init(matrix: matrix, ids: ids)
    }

    init(matrix: EmbeddingMatrix, ids: [String]) {
        self.matrix = matrix
        self.ids = ids
    }

    /// Reads any program's embeddings of a catalogue, with rows in its order, and scales them to unit length. If there
    /// is a list of ids next to the matrix, it must agree with the catalogue.
    ///
    /// - Throws: ``FileError``, ``WorkflowError/rowsDiffer(embeddings:rows:data:photographs:)``,
    ///   ``WorkflowError/idsDiffer(embeddings:row:found:expected:)``,
    ///   ``WorkflowError/notFinite(embeddings:row:photograph:)``,
    ///   ``WorkflowError/zeroVector(embeddings:row:photograph:)``.
    static func read(_ url: URL, of catalog: Catalog) throws -> LabelledEmbeddings {
        let ids = catalog.photographs.map(\.id)
        let matrix = EmbeddingMatrix(try NPYMatrix.read(url)).unitRows()
        guard matrix.rows == ids.count else {
            throw WorkflowError.rowsDiffer(
                embeddings: url.path, rows: matrix.rows, data: catalog.directory.path, photographs: ids.count)
        }
        let list = list(of: url)
        if FileManager.default.fileExists(atPath: list.path) {
            let listed = try Self.ids(list)
            if let row = ids.indices.first(where: { !listed.indices.contains($0) || listed[$0] != ids[$0] }) {
                throw WorkflowError.idsDiffer(
                    embeddings: url.path, row: row, found: listed.indices.contains(row) ? listed[row] : "nothing",
                    expected: ids[row])
            }
        }
        let embeddings = try LabelledEmbeddings(finite: matrix, ids: ids, of: url)
        if let row = matrix.firstRowOfZeros {
            throw WorkflowError.zeroVector(embeddings: url.path, row: row, photograph: ids[row])
        }
        return embeddings
    }

    /// The file with the image_ids of a matrix.
    static func list(of url: URL) -> URL { url.deletingPathExtension().appendingPathExtension("csv") }

    /// The image_ids of a list, by row.
    static func ids(_ list: URL) throws -> [String] {
        let table = try CSVTable.read(list)
        let column = try table.column("image_id")
        return table.rows.map { $0[column] }
    }

    /// Joins the members of an ensemble; its similarity is the weighted mean of theirs.
    ///
    /// - Throws: ``WorkflowError/idsDiffer(embeddings:row:found:expected:)`` for other photographs or another order.
    static func ensemble(_ members: [(url: URL, weight: Double)]) throws -> LabelledEmbeddings {
        let read = try members.map { try Self.read($0.url) }
        for (member, embeddings) in zip(members, read) where embeddings.ids != read[0].ids {
            let row = zip(embeddings.ids, read[0].ids).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
            throw WorkflowError.idsDiffer(
                embeddings: member.url.path, row: row, found: embeddings.ids[row], expected: read[0].ids[row])
        }
        let weighted = zip(members, read).map { (embeddings: $1.matrix, weight: $0.weight) }
        return LabelledEmbeddings(matrix: try .ensemble(weighted), ids: read[0].ids)
    }
}

extension EmbeddingRows {
    /// The rows of labelled embeddings; messages name the embeddings' file, `path`.
    init(_ embeddings: LabelledEmbeddings, path: String) {
        self.init(embeddings.matrix, ids: embeddings.ids, path: path)
    }
}
