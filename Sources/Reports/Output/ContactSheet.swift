import Basics
import Catalog
import Figures
import Foundation

/// New photographs, each in a row with photographs of the animals that it may show.
public struct ContactSheet {
    /// An animal that a photograph may show.
    public struct Candidate: Sendable {
        let id: String
        let name: String
        let caption: String
        let painted: PaintedPart?

        /// Describes an animal by one of its photographs, which has this id in the catalogue; a part of it can be
        /// painted over.
        public init(id: String, name: String, caption: String, painted: PaintedPart? = nil) {
            self.id = id
            self.name = name
            self.caption = caption
            self.painted = painted
        }
    }

    /// A new photograph.
    public struct Row: Sendable {
        let photograph: URL
        let caption: String
        let candidates: [Candidate]

        /// Describes a row, with its caption below the photograph.
        public init(photograph: URL, caption: String, candidates: [Candidate]) {
            self.photograph = photograph
            self.caption = caption
            self.candidates = candidates
        }
    }

    private let rows: [Row]
    private let catalog: Catalog
    private let headings: (query: String, answer: String)

    /// Rows per file: more would be slow to look through.
    private static let rowsOfPage = 24
    private static let scale = 1.5

    /// Collects rows. `headings` are the words above the photographs and above the candidates, which are numbered.
    public init(_ rows: [Row], catalog: Catalog, headings: (query: String, answer: String) = ("query", "rank")) {
        self.rows = rows
        self.catalog = catalog
        self.headings = headings
    }

    /// Draws PNG files: `url`, and `NAME-2.png` and so on for what does not fit.
    ///
    /// - Returns: The files in order; at least one.
    /// - Throws: `DrawingError`, ``FileError``.
    public func write(to url: URL) throws -> [URL] {
        let starts = Array(stride(from: 0, to: max(rows.count, 1), by: Self.rowsOfPage))
        let known = Thumbnails(catalog)
        return try starts.enumerated().map { number, start in
            let page = url.page(number)
            let part = rows[start..<min(start + Self.rowsOfPage, rows.count)]
            let asked = Thumbnails(
                Catalog(
                    directory: URL(filePath: "/"),
                    photographs: part.map { Photograph(id: $0.photograph.path, path: $0.photograph.path) }))
            let grid = RetrievalGrid(rows: part.map { row(of: $0, asked: asked, known: known) }, headings: headings)
            try AtomicFile.write(grid.png(scale: Self.scale), to: page)
            return page
        }
    }

    private func row(of row: Row, asked: Thumbnails, known: Thumbnails) -> RetrievalRow {
        RetrievalRow(
            query: asked.tile(row.photograph.path, captions: [row.photograph.lastPathComponent]),
            answers: row.candidates.map { known.tile($0.id, painted: $0.painted, captions: [$0.name, $0.caption]) },
            note: row.caption)
    }
}

extension URL {
    /// The file of a sheet's page, counted from 0: `NAME.png`, then `NAME-2.png` and so on.
    func page(_ number: Int) -> URL {
        let name = deletingPathExtension().lastPathComponent + (number == 0 ? "" : "-\(number + 1)")
        return deletingLastPathComponent().appending(path: "\(name).\(pathExtension)")
    }
}
