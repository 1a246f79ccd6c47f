import Basics
import Figures
import Foundation

/// The figures of a document, gathered before anything is written.
struct FigureFiles {
    /// The folder beside the document, such as `failures_files`.
    let folder: String
    /// The contents by path relative to ``folder``, in the order of the document.
    private(set) var files: [(path: String, contents: Data)] = []
    private var counts: [String: Int] = [:]

    init(folder: String) { self.folder = folder }

    /// Keeps a figure; returns its path relative to the document.
    mutating func add(_ figure: DrawnFigure, label: String) -> String {
        let number = (counts[label] ?? 0) + 1
        counts[label] = number
        let stem = "figure-gfm/\(label)-\(number)"
        let file = "\(stem).\(figure.format.rawValue)"
        files.append((path: file, contents: figure.contents))
        files.append((path: "\(stem).json", contents: figure.data))
        return "\(folder)/\(file)"
    }
}

/// A figure as its files hold it.
struct DrawnFigure: Sendable {
    let format: FigurePart.Format
    let contents: Data
    /// What it drew, as JSON.
    let data: Data
    let alternativeText: String

    /// Draws figures, on all cores; each is let go once it is drawn, with the photographs that it shows.
    ///
    /// - Parameters:
    ///   - format: Nil for the one that suits each.
    ///   - scale: Pixels of a point, for photographs.
    static func drawing(_ parts: [FigurePart], format: FigurePart.Format?, scale: Double) throws -> [DrawnFigure] {
        try parallelMap(parts.count) { place in
            Result {
                let figure = parts[place].figure
                let format = format ?? parts[place].format
                return DrawnFigure(
                    format: format, contents: try figure.contents(format, scale: scale),
                    data: Data(figure.data.text.utf8), alternativeText: figure.alternativeText)
            }
        }.map { try $0.get() }
    }
}
