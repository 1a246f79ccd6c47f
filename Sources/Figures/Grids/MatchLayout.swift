import Algorithms
import Drawing

/// The places of pairs of photographs, as large as a page allows.
///
/// Photographs wider than two to one are below each other, others next to each other. Two pairs share a row if they are
/// larger so, as very high photographs are.
struct MatchLayout {
    /// The places of one pair.
    struct Place {
        /// The top left corner of the title.
        let title: Point
        /// The width for title and finding.
        let limit: Double
        let findingLines: Int
        let query: Photograph
        let answer: Photograph
        /// The lower end of everything.
        let end: Double
    }

    /// The place of a photograph.
    struct Photograph {
        let room: Rect
        /// The lines at it.
        let captions: [String]
        /// The top left corner of the first line.
        let caption: Point
    }

    let places: [Place]
    let height: Double

    static let margin = 10.0
    /// Between the photographs of a pair, so that frames and lines stay apart.
    static let gap = 14.0
    static let columnGap = 28.0
    static let rowGap = 20.0
    static let titleHeight = 21.0
    static let findingHeight = 14.0
    static let captionHeight = 13.0
    static let textGap = 5.0

    /// Lays pairs out within a width in points; the height includes `legend`.
    init(_ pairs: [MatchedPair], width: Double, legend: Double) {
        let wide = MatchLayout(pairs, width: width, legend: legend, columns: 1)
        let narrow = pairs.count > 1 ? MatchLayout(pairs, width: width, legend: legend, columns: 2) : wide
        self = narrow.area > wide.area ? narrow : wide
    }

    private init(_ pairs: [MatchedPair], width: Double, legend: Double, columns: Int) {
        let rows = pairs.chunks(ofCount: columns).map(Array.init)
        let row = MatchRow(rows, width: width, legend: legend, columns: columns)
        var places: [Place] = []
        var y = Self.margin
        for pairs in rows {
            let own = pairs.enumerated().map { row.place(of: $1, column: $0, y: y) }
            places += own
            y = (own.map(\.end).max() ?? y) + Self.rowGap
        }
        self.places = places
        height = (places.map(\.end).max() ?? 0) + Self.margin + legend
    }

    private var area: Double { places.reduce(0) { $0 + $1.query.room.area + $1.answer.room.area } }
}

/// The form of every row of a layout.
private struct MatchRow {
    /// Whether the photographs of a pair are below each other.
    private let isStacked: Bool
    /// The width of a pair.
    private let width: Double
    private let findingLines: Int
    /// The greatest height of a pair's photographs.
    private let room: Double

    /// The height of a page of paper, as a share of its width.
    private static let page = 1.4
    /// The greatest height of a row's photographs, as a share of the width.
    private static let share = 0.9
    /// In a narrower column, a finding takes two lines.
    private static let narrow = 420.0
    private static let leastRoom = 40.0

    init(_ rows: [[MatchedPair]], width: Double, legend: Double, columns: Int) {
        let aspects = rows.joined().flatMap { [$0.query.aspect, $0.answer.aspect] }
        let isStacked = aspects.reduce(0, +) > 2 * Double(aspects.count)
        let gaps = 2 * MatchLayout.margin + Double(columns - 1) * MatchLayout.columnGap
        self.isStacked = isStacked
        self.width = (width - gaps) / Double(columns)
        findingLines = self.width < Self.narrow ? 2 : 1
        // Further rows have the size of two, and need further pages.
        let page = rows.prefix(2)
        let captions = page.map { row in isStacked ? 2 : row.map(Self.captionLines).max() ?? 0 }.reduce(0, +)
        let head = MatchLayout.titleHeight + Double(findingLines) * MatchLayout.findingHeight
        let text = Double(page.count) * (head + 3 * MatchLayout.textGap) + Double(captions) * MatchLayout.captionHeight
        let others = 2 * MatchLayout.margin + legend + Double(max(0, page.count - 1)) * MatchLayout.rowGap
        let most = (Self.page * width - others - text) / Double(max(1, page.count))
        room = max(Self.leastRoom, min(Self.share * width, most))
    }

    func place(of pair: MatchedPair, column: Int, y: Double) -> MatchLayout.Place {
        let corner = Point(MatchLayout.margin + Double(column) * (width + MatchLayout.columnGap), y)
        let head = MatchLayout.titleHeight + Double(findingLines) * MatchLayout.findingHeight + MatchLayout.textGap
        return isStacked ? stacked(pair, at: corner, top: y + head) : beside(pair, at: corner, top: y + head)
    }

    private func beside(_ pair: MatchedPair, at corner: Point, top: Double) -> MatchLayout.Place {
        let (one, other) = (pair.query.aspect, pair.answer.aspect)
        let height = min(room, (width - MatchLayout.gap) / (one + other))
        let query = Rect(x: corner.x, y: top, width: height * one, height: height)
        let answer = Rect(x: query.maxX + MatchLayout.gap, y: top, width: height * other, height: height)
        let caption = query.maxY + MatchLayout.textGap
        return .init(
            title: corner, limit: width, findingLines: findingLines,
            query: .init(room: query, captions: pair.query.captions, caption: Point(query.x, caption)),
            answer: .init(room: answer, captions: pair.answer.captions, caption: Point(answer.x, caption)),
            end: caption + Double(Self.captionLines(of: pair)) * MatchLayout.captionHeight)
    }

    /// The query has its captions above it, in one line, so that no line of a match crosses them.
    private func stacked(_ pair: MatchedPair, at corner: Point, top: Double) -> MatchLayout.Place {
        let most = (room - MatchLayout.gap) / 2
        func size(_ tile: PhotographTile) -> Size {
            let height = min(most, width / tile.aspect)
            return Size(height * tile.aspect, height)
        }
        let (one, other) = (size(pair.query), size(pair.answer))
        let y = top + MatchLayout.captionHeight + MatchLayout.textGap
        let query = Rect(x: corner.x, y: y, width: one.width, height: one.height)
        let answer = Rect(x: corner.x, y: query.maxY + MatchLayout.gap, width: other.width, height: other.height)
        let caption = answer.maxY + MatchLayout.textGap
        func line(_ tile: PhotographTile) -> [String] { [tile.captions.joined(separator: ", ")] }
        return .init(
            title: corner, limit: width, findingLines: findingLines,
            query: .init(room: query, captions: line(pair.query), caption: Point(query.x, top)),
            answer: .init(room: answer, captions: line(pair.answer), caption: Point(answer.x, caption)),
            end: caption + MatchLayout.captionHeight)
    }

    /// The lines of captions below photographs next to each other.
    private static func captionLines(of pair: MatchedPair) -> Int {
        max(pair.query.captions.count, pair.answer.captions.count)
    }
}

extension PhotographTile {
    /// Width divided by height; 1 if the photograph cannot be read.
    fileprivate var aspect: Double { picture.map { Double($0.width) / Double($0.height) } ?? 1 }
}

extension Rect {
    fileprivate var area: Double { width * height }
}
