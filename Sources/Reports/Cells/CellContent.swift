import Algorithms
import Basics
import Drawing
import Figures
import Foundation
import Imaging

/// The output of a cell.
struct CellContent {
    /// A piece of a cell's output.
    enum Part {
        case figure(FigurePart)
        case table(Table)
        /// Markdown, written as it is.
        case markdown(String)
        /// A table in a block that the reader unfolds.
        case folded(summary: String, Table)

        /// A table under a title, which distinguishes it from others of the cell.
        static func titled(_ title: String, _ table: Table) -> [Part] {
            [.markdown("**\(MarkdownText.escaped(title))**"), .table(table)]
        }
    }

    var parts: [Part] = []
    /// Values that the caption may name in addition to the usual ones, such as `shown`.
    var values: [String: JSONValue] = [:]
    /// Everything from which the figures show a part; nil if they show all, or if there is nothing.
    var list: CompleteList?
    /// Remarks for the reader.
    var notes: [String] = []
    /// Front-matter fields that the output shows as left empty.
    var gaps: [String] = []
    /// How the numbers were counted; nil if there are none.
    var contract: String?
    /// How to read the pictures, in a paragraph of plain text, which a document says once; nil if they need no words.
    var guide: String?
    /// Separates the paragraphs of ``contract``; a document says each paragraph once.
    static let paragraph = "\n\n"
    /// The source of the figures' photographs; those that it could not read are noted once all figures are drawn.
    var thumbnails: Thumbnails?
    /// The animals that have a page of their own, in the order of the reader.
    var pages: [Page] = []
    /// The filter of a web page for the rows of all tables among the parts; nil for none.
    var filter: RowFilter?

    /// Whether there is nothing to show but remarks; a section that is `.optional` is then left out.
    var isAbsent: Bool { parts.isEmpty && list == nil }

    /// The figures among the parts and on the pages.
    var figures: [FigurePart] {
        (parts + pages.flatMap(\.parts)).compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
    }

    /// The page of one animal. Its links start from the folder of ``CellContext/pageLinks``.
    struct Page {
        let animal: String
        let parts: [Part]
    }
}

/// The properties by which the reader of a web page chooses rows of tables.
struct RowFilter: Equatable {
    let facets: [String]
    /// For each row its cases, each with a value for every facet; a row is shown if one of them fits.
    let cases: [[[String]]]
}

/// A list as a folded table, and as a CSV file next to the document.
struct CompleteList {
    /// The title of the folded table.
    let title: String
    /// Nil if the cell shows its rows elsewhere.
    let table: Table?
    /// The file's text, with unrounded numbers.
    let csv: String
    /// The number of entries; the table may have only the first.
    let count: Int
    /// The entries of the file in words; nil if they are those of the table and more of the same kind.
    var contents: String?

    /// What to read where, in a sentence with a link to the file.
    func sentence(linking path: String) -> String {
        let name = MarkdownText.escaped(path.split(separator: "/").last.map(String.init) ?? path)
        if let contents {
            return "[\(name)](\(MarkdownText.target(path))) has \(MarkdownText.escaped(contents))."
        }
        let rows = table?.rows.count ?? count
        let rest = rows < count ? " The table above has the first \(rows)." : ""
        let all = count == 1 ? "it" : "all \(NumberText.thousands(Double(count)))"
        return "[\(name)](\(MarkdownText.target(path))) lists \(all).\(rest)"
    }
}

/// A figure of a cell's output.
struct FigurePart: Sendable {
    /// Distinguishes this figure from others of the cell, such as an animal's name.
    let title: String?
    /// Made on demand, so that only one figure's photographs are in memory.
    var figure: any Figure { make() }
    let format: FigureFormat
    /// The same data for readers who cannot see the figure.
    let table: Table
    /// The title of the folded table.
    let tableTitle: String
    private let make: @Sendable () -> any Figure

    init(
        title: String? = nil, figure: @autoclosure @escaping @Sendable () -> any Figure, format: FigureFormat,
        table: Table,
        tableTitle: String = "The same data as a table"
    ) {
        self.title = title
        make = figure
        self.format = format
        self.table = table
        self.tableTitle = tableTitle
    }
}

extension FigurePart {
    /// Splits rows into figures of `count` rows, each with its table, so that each fits on a page of paper.
    static func figures<Row: Sendable>(
        of rows: [Row], count: Int, format: FigureFormat, figure: @escaping @Sendable ([Row]) -> any Figure,
        table: ([Row]) -> Table
    ) -> [CellContent.Part] {
        let pages = rows.chunks(ofCount: count).map(Array.init)
        return pages.enumerated().map { page, own in
            let title =
                pages.count == 1
                ? "The same data as a table" : Self.title(page * count + 1, page * count + own.count)
            return .figure(FigurePart(figure: figure(own), format: format, table: table(own), tableTitle: title))
        }
    }

    private static func title(_ first: Int, _ last: Int) -> String {
        (first == last ? "Row \(first)" : "Rows \(first) to \(last)") + " as a table"
    }
}

/// A figure as a file.
struct FigurePicture: Sendable {
    let contents: Data
    /// Columns on the page at its natural size.
    let width: Int
    /// Rows on the page at its natural size.
    let height: Int
    /// The photographs that it shows.
    let places: [FigurePlace]
}

extension Figure {
    /// Photographs look as at 85, in five sixths of the bytes; letters stay clear.
    private static var jpegQuality: Int { 75 }

    /// A file with the figure; photographs have `scale` pixels per point.
    func picture(_ format: FigureFormat, scale: Double) throws -> FigurePicture {
        var places: [FigurePlace] = []
        if format == .svg {
            let size = try size
            return FigurePicture(
                contents: try svg(noting: &places), width: Int(size.width.rounded()),
                height: Int(size.height.rounded()), places: places)
        }
        let raster = try raster(scale: scale, noting: &places)
        return FigurePicture(
            contents: format == .png ? try raster.png() : try raster.jpeg(quality: Self.jpegQuality),
            width: raster.width, height: raster.height, places: places)
    }
}

extension CellOptions {
    /// The size that the cell requests, in points.
    ///
    /// - Parameters: Inches of 96 points, used if the cell gives no size.
    func figureSize(width: Double = 7.5, height: Double = 4) -> Size {
        Size((figureWidth ?? width) * 96, (figureHeight ?? height) * 96)
    }
}
