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

    /// Draws a figure; returns its path relative to the document.
    mutating func add(
        _ figure: any Figure, as format: FigurePart.Format, label: String, scale: Double
    ) throws -> String {
        let number = (counts[label] ?? 0) + 1
        counts[label] = number
        let stem = "figure-gfm/\(label)-\(number)"
        let file = "\(stem).\(format.rawValue)"
        files.append((path: file, contents: try figure.contents(format, scale: scale)))
        files.append((path: "\(stem).json", contents: Data(figure.data.text.utf8)))
        return "\(folder)/\(file)"
    }
}
