import Basics
import Figures
import Foundation

/// The figures of a document and its tables for other programs, collected before anything is written.
struct FigureFiles {
    /// The folder next to the document, such as `failures_files`.
    let folder: String
    /// The contents by path relative to ``folder``, in the order of the document.
    private(set) var files: [(path: String, contents: Data)] = []
    /// The figures by path relative to the document.
    private(set) var figures: [String: DrawnFigure] = [:]
    private var counts: [String: Int] = [:]
    private var tableCounts: [String: Int] = [:]

    init(folder: String) { self.folder = folder }

    /// Stores a figure; returns its path relative to the document.
    mutating func add(_ figure: DrawnFigure, label: String) -> String {
        let number = (counts[label] ?? 0) + 1
        counts[label] = number
        let stem = "figure-gfm/\(label)-\(number)"
        let file = "\(stem).\(figure.format.rawValue)"
        files.append((path: file, contents: figure.picture.contents))
        files.append((path: "\(stem).json", contents: figure.data))
        figures["\(folder)/\(file)"] = figure
        return "\(folder)/\(file)"
    }

    /// Stores a table as CSV; returns its path relative to the document. Only a cell without a label needs a number.
    mutating func add(table: Data, label: String) -> String {
        let number = (tableCounts[label] ?? 0) + 1
        tableCounts[label] = number
        let file = "tables/\(label)\(number == 1 ? "" : "-\(number)").csv"
        files.append((path: file, contents: table))
        return "\(folder)/\(file)"
    }
}

/// A figure as stored in its files.
struct DrawnFigure: Sendable {
    let format: FigureFormat
    let picture: FigurePicture
    /// Whether it places photographs as points.
    let isMap: Bool
    /// The data it shows, as JSON.
    let data: Data
    let alternativeText: String

    /// Draws figures, on all cores; each is released once it is drawn, with its photographs.
    ///
    /// Without a format, each figure has its default. Photographs have `scale` pixels per point.
    static func drawing(_ parts: [FigurePart], format: FigureFormat?, scale: Double) throws -> [DrawnFigure] {
        try parallelMap(parts.count) { place in
            Result {
                let figure = parts[place].figure
                let format = format ?? parts[place].format
                return DrawnFigure(
                    format: format, picture: try figure.picture(format, scale: scale), isMap: figure is ScatterChart,
                    data: Data(figure.data.text.utf8), alternativeText: figure.alternativeText)
            }
        }.map { try $0.get() }
    }
}
