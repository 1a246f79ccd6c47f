import Basics
import Foundation
import Matching

/// Reference values from NumPy, scikit-learn and SciPy; the `note` fields say how they are made.
struct Golden {
    let values: JSONValue

    init(file: String = #filePath) throws {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
        values = try JSONValue.read(folder.appending(path: "matching.json"))
    }

    func numbers(_ path: String) -> [Double] { values[path: path]?.numbers ?? [] }

    /// The query's descriptors and those of each photograph.
    func set() throws -> MatchSet {
        func rows(_ value: JSONValue) -> [Float] {
            (value.array ?? []).flatMap { ($0.numbers ?? []).map { Float($0) } }
        }
        let photographs = (values[path: "descriptors.photographs"]?.array ?? []).map(rows)
        let query = values[path: "descriptors.query"].map(rows) ?? []
        return try MatchSet(
            queries: DescriptorSet(columns: 32, values: [query]),
            database: DescriptorSet(columns: 32, values: photographs))
    }
}

/// Made-up descriptors.
struct Made {
    let columns: Int
    /// For each photograph its descriptors, row by row.
    let photographs: [[UInt8]]

    /// Draws as many descriptors for each photograph as `counts` says, with numbers in `0...most`.
    init(_ counts: [Int], columns: Int = 16, most: Int = 255, seed: UInt64) {
        var generator = SeededGenerator(seed: seed, "descriptors")
        self.columns = columns
        photographs = counts.map { count in
            (0..<count * columns).map { _ in UInt8(generator.integer(in: 0..<most + 1)) }
        }
    }

    func set() throws -> DescriptorSet { try DescriptorSet(columns: columns, bytes: photographs.map { Data($0) }) }

    private func row(_ photograph: Int, _ row: Int) -> [Double] {
        photographs[photograph][row * columns..<(row + 1) * columns].map { Double($0) }
    }

    func count(_ photograph: Int) -> Int { photographs[photograph].count / columns }

    /// The cosine of two descriptors in double precision; 0 for a descriptor of zeros.
    func cosine(_ first: (photograph: Int, row: Int), _ other: Made, _ second: (photograph: Int, row: Int)) -> Double {
        let (x, y) = (row(first.photograph, first.row), other.row(second.photograph, second.row))
        func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
        let lengths = (product(x, x) * product(y, y)).squareRoot()
        return lengths > 0 ? product(x, y) / lengths : 0
    }

    /// The cosines of a query's descriptor with those of another set's photograph.
    func cosines(_ first: (photograph: Int, row: Int), _ other: Made, _ photograph: Int) -> [Double] {
        (0..<other.count(photograph)).map { cosine(first, other, (photograph, $0)) }
    }
}
