import Basics
import Figures
import Foundation

/// A figure of a cell's output.
struct FigurePart {
    /// What files a figure becomes.
    enum Format: String {
        /// Curves and bars: sharp at every size.
        case svg
        /// Photographs.
        case png
    }

    /// What tells this figure from others of the cell, such as an animal's name.
    var title: String?
    /// What is said behind the title.
    var subtitle: String?
    /// Where links to this figure lead, where it has a place of its own.
    var anchor: String?
    /// What this figure tells of, each with a value for every one of ``CellContent/facets``.
    var cases: [[String]] = []
    let figure: any Figure
    let format: Format
    /// The same for those who don't see it.
    let table: Table
    /// What the folded table is called.
    var tableTitle = "The same as a table"

    /// The file's bytes.
    ///
    /// - Parameter scale: Pixels of a point, for photographs.
    func contents(scale: Double) throws -> Data {
        switch format {
        case .svg: try figure.svg()
        case .png: try figure.png(scale: scale)
        }
    }
}
