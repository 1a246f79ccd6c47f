import Basics
import Foundation

/// Where photographs lie on maps of their embeddings: `embedding-map.csv`.
public struct EmbeddingMap: Sendable, Equatable {
    /// A photograph's places.
    public struct Row: Sendable, Equatable {
        public let imageID: String
        /// Along the first two principal components.
        public let components: SIMD2<Double>
        /// By t-SNE, where directions and far distances mean nothing.
        public let neighbourhood: SIMD2<Double>

        /// Creates a row.
        public init(imageID: String, components: SIMD2<Double>, neighbourhood: SIMD2<Double>) {
            self.imageID = imageID
            self.components = components
            self.neighbourhood = neighbourhood
        }
    }

    public let rows: [Row]

    /// Creates a map.
    public init(rows: [Row]) { self.rows = rows }

    /// How many photographs of each group have one of their own group nearest to them.
    ///
    /// - Parameter place: Of the two maps the one that counts.
    /// - Complexity: O(N²).
    public func agreement<Group: Hashable>(
        by place: (Row) -> SIMD2<Double>, group: (Row) -> Group
    ) -> [Group: Int] {
        let places = rows.map(place)
        let groups = rows.map(group)
        var counts: [Group: Int] = [:]
        for (own, point) in places.enumerated() {
            var nearest: (index: Int, distance: Double)?
            for (other, place) in places.enumerated() where other != own {
                let difference = place - point
                let distance = (difference * difference).sum()
                if distance < nearest?.distance ?? .infinity { nearest = (other, distance) }
            }
            if let nearest, groups[nearest.index] == groups[own] { counts[groups[own], default: 0] += 1 }
        }
        return counts
    }

    private static let columns = ["image_id", "pca_1", "pca_2", "tsne_1", "tsne_2"]

    /// Reads `embedding-map.csv`.
    ///
    /// - Throws: ``FileError``, also for a place that is no number.
    public static func read(_ url: URL) throws -> EmbeddingMap {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return EmbeddingMap(
            rows: try table.rows.enumerated().map { row, cells in
                let numbers = column.dropFirst().compactMap { Double(cells[$0], within: -1e100...1e100) }
                guard numbers.count == 4 else {
                    throw FileError.malformed(
                        path: table.path, line: table.line(ofRow: row),
                        problem: "the place of \(quoted: cells[column[0]]) is not four numbers",
                        remedy: "Run 'whalebook run -f reduce'.")
                }
                return Row(
                    imageID: cells[column[0]], components: SIMD2(numbers[0], numbers[1]),
                    neighbourhood: SIMD2(numbers[2], numbers[3]))
            })
    }

    /// Writes `embedding-map.csv`, with more digits than a picture shows.
    public func write(to url: URL) throws {
        let cells = rows.map { row in
            [row.imageID]
                + [row.components.x, row.components.y].map { "\(($0 * 1e6).rounded() / 1e6)" }
                + [row.neighbourhood.x, row.neighbourhood.y].map { "\(($0 * 1e4).rounded() / 1e4)" }
        }
        try AtomicFile.write(CSVTable.text(header: Self.columns, rows: cells), to: url)
    }
}
