import Basics
import Foundation

/// Where a photograph shows what makes a network take it and another one for alike: a row of `heat-maps.csv`.
public struct HeatMapRow: Sendable, Equatable {
    /// The photograph that the map lies on.
    public let imageID: String
    /// The photograph that it is compared with.
    public let partnerImageID: String
    /// The cosine of both photographs' embeddings by this network.
    public let similarity: Double
    /// Over what the network sees of the photograph.
    public let map: HeatMap

    /// Creates a row.
    public init(imageID: String, partnerImageID: String, similarity: Double, map: HeatMap) {
        self.imageID = imageID
        self.partnerImageID = partnerImageID
        self.similarity = similarity
        self.map = map
    }

    private static let columns = ["image_id", "partner_image_id", "similarity", "height", "width", "values"]

    /// Reads `heat-maps.csv`.
    ///
    /// - Throws: ``FileError``, also for a map that has not as many numbers from 0 to 1 as places.
    public static func read(_ url: URL) throws -> [HeatMapRow] {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return try table.rows.enumerated().map { row, cells in
            let values = cells[column[5]].split(separator: " ").compactMap { Double($0, within: 0...1) }
            guard let similarity = Double(cells[column[2]]), let height = Int(cells[column[3]]),
                let width = Int(cells[column[4]]), height > 0, width > 0,
                values.count.isMultiple(of: height), values.count / height == width
            else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: row),
                    problem:
                        "the map of \(quoted: cells[column[0]]) is not as many numbers from 0 to 1 as it has places",
                    remedy: "Run 'whalebook run -f explain'.")
            }
            return HeatMapRow(
                imageID: cells[column[0]], partnerImageID: cells[column[1]], similarity: similarity,
                map: HeatMap(height: height, width: width, scaling: values))
        }
    }

    /// Writes `heat-maps.csv`; four digits of each place are more than an eye tells apart.
    public static func write(_ rows: [HeatMapRow], to url: URL) throws {
        let cells = rows.map { row in
            [
                row.imageID, row.partnerImageID, "\(row.similarity)", String(row.map.height), String(row.map.width),
                row.map.values.map { NumberText.fixed($0, 4) }.joined(separator: " "),
            ]
        }
        try AtomicFile.write(CSVTable.text(header: columns, rows: cells), to: url)
    }
}

extension HeatMap {
    /// The smallest share of the places that has half of the heat; nil where no place counts.
    public var halfShare: Double? {
        let whole = values.reduce(0, +)
        guard whole > 0 else { return nil }
        var sum = 0.0
        var places = 0.0
        for value in values.sorted(by: >) {
            // Of the place that passes the half only what it takes.
            if sum + value >= whole / 2 { return (places + (whole / 2 - sum) / value) / Double(values.count) }
            sum += value
            places += 1
        }
        return 1
    }

    /// Where the heat lies in the middle, in thirds of the picture, such as `upper left`; nil where no place counts.
    public var centre: String? {
        let whole = values.reduce(0, +)
        guard whole > 0 else { return nil }
        var (x, y) = (0.0, 0.0)
        for (index, value) in values.enumerated() {
            x += value * (Double(index % width) + 0.5) / Double(width)
            y += value * (Double(index / width) + 0.5) / Double(height)
        }
        func third(_ share: Double, _ names: [String]) -> String { names[min(2, Int(share / whole * 3))] }
        let words = [third(y, ["upper", "", "lower"]), third(x, ["left", "", "right"])].filter { !$0.isEmpty }
        return words.isEmpty ? "centre" : words.joined(separator: " ")
    }
}
