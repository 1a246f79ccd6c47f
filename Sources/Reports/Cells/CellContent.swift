import Basics
import Drawing
import Figures
import Foundation
import Imaging

/// What a kind makes.
struct CellContent {
    /// A piece of a cell's output.
    enum Part {
        case figure(FigurePart)
        case table(Table)
        /// Markdown that is right as it is.
        case markdown(String)
        /// A table that unfolds when asked for.
        case folded(summary: String, Table)
    }

    var parts: [Part] = []
    /// What the caption may name beside everything else, such as `shown`.
    var values: [String: JSONValue] = [:]
    /// What the reader should know of this output.
    var notes: [String] = []
    /// Fields of the front matter that it shows as left empty.
    var gaps: [String] = []
    /// How the numbers were counted; nil where there are none to count.
    var contract: String?
    /// What the figures take photographs from; those that it could not read are noted once all are drawn.
    var thumbnails: Thumbnails?
    /// Whether each figure with a place of its own, and what follows it without, may go to another page where one page grows too long.
    var isGallery = false
    /// What a web page lets its reader choose the parts of a gallery by; empty for nothing.
    var facets: [String] = []

    /// The figures among the parts.
    var figures: [FigurePart] { parts.compactMap { if case .figure(let figure) = $0 { figure } else { nil } } }
}

/// A figure of a cell's output.
struct FigurePart: Sendable {
    /// What tells this figure from others of the cell, such as an animal's name.
    let title: String?
    /// What is said behind the title.
    let subtitle: String?
    /// Where links to this figure lead, where it has a place of its own.
    let anchor: String?
    /// What this figure tells of, each with a value for every one of ``CellContent/facets``.
    let cases: [[String]]
    /// Made when it is asked for, so that no more photographs are held than one figure shows.
    var figure: any Figure { make() }
    let format: FigureFormat
    /// The same for those who don't see it.
    let table: Table
    /// What the folded table is called.
    let tableTitle: String
    private let make: @Sendable () -> any Figure

    init(
        title: String? = nil, subtitle: String? = nil, anchor: String? = nil, cases: [[String]] = [],
        figure: @autoclosure @escaping @Sendable () -> any Figure, format: FigureFormat, table: Table,
        tableTitle: String = "The same as a table"
    ) {
        self.title = title
        self.subtitle = subtitle
        self.anchor = anchor
        self.cases = cases
        make = figure
        self.format = format
        self.table = table
        self.tableTitle = tableTitle
    }
}

extension FigurePart {
    /// Rows in as many figures as it takes for each to fit on a page of paper, each with its table.
    ///
    /// - Parameter count: Rows of a figure.
    static func figures<Row: Sendable>(
        of rows: [Row], count: Int, format: FigureFormat, figure: @escaping @Sendable ([Row]) -> any Figure,
        table: ([Row]) -> Table
    ) -> [CellContent.Part] {
        let pages = rows.chunks(of: count)
        return pages.enumerated().map { page, own in
            let title =
                pages.count == 1
                ? "The same as a table" : Self.title(page * count + 1, page * count + own.count)
            return .figure(FigurePart(figure: figure(own), format: format, table: table(own), tableTitle: title))
        }
    }

    private static func title(_ first: Int, _ last: Int) -> String {
        (first == last ? "Row \(first)" : "Rows \(first) to \(last)") + " as a table"
    }
}

extension Figure {
    private static var jpegQuality: Int { 85 }

    /// The bytes of a file with the figure.
    ///
    /// - Parameter scale: Pixels of a point, for photographs.
    func contents(_ format: FigureFormat, scale: Double) throws -> Data {
        switch format {
        case .svg: try svg()
        case .png: try png(scale: scale)
        case .jpeg: try raster(scale: scale).jpeg(quality: Self.jpegQuality)
        }
    }
}

extension CellOptions {
    /// The size that the cell asks for, in points.
    ///
    /// - Parameters: Inches of 96 points where the cell does not say.
    func figureSize(width: Double = 7.5, height: Double = 4) -> Size {
        Size((figureWidth ?? width) * 96, (figureHeight ?? height) * 96)
    }
}
