import Basics
import Drawing
import Evaluation
import Imaging

/// A query and a database photograph with the marks that match.
public struct MatchedPair: Sendable, Equatable {
    /// The heading, in bold.
    public let title: String
    public let query: PhotographTile
    public let answer: PhotographTile
    /// The places are shares of the tiles' pictures.
    public let agreement: MarkAgreement

    /// Creates a pair.
    public init(title: String, query: PhotographTile, answer: PhotographTile, agreement: MarkAgreement) {
        self.title = title
        self.query = query
        self.answer = answer
        self.agreement = agreement
    }

    /// The finding as a clause.
    public var finding: String {
        guard let share = agreement.middleShare else { return agreement.finding }
        let words = share == 0 ? "none" : share == 1 ? "all" : NumberText.percent(share, 0)
        return "\(agreement.finding), \(words) of them in the middle of both"
    }
}

extension MatchedPair {
    /// The pair with its photographs turned to be compared, and their marks with them.
    func turned(amongLong: Bool) -> MatchedPair {
        let (query, answer) = (query.turned(amongLong: amongLong), answer.turned(amongLong: amongLong))
        guard query.turn != .none || answer.turn != .none else { return self }
        func turned(_ place: MarkPlace, with tile: PhotographTile) -> MarkPlace {
            let (x, y) = tile.turn.place(x: place.x, y: place.y)
            return MarkPlace(x: x, y: y, radius: place.radius)
        }
        let matches = (agreement.agreeing + agreement.others).map { match in
            MarkMatch(
                query: turned(match.query, with: query), database: turned(match.database, with: answer),
                similarity: match.similarity, isExplained: match.isExplained)
        }
        return MatchedPair(title: title, query: query, answer: answer, agreement: MarkAgreement(matches))
    }

    /// The pair with the matches that are drawn: as many lines, and dots if the others are shown.
    func data(lines: Int, showsOthers: Bool) -> JSONValue {
        let lines = agreement.agreeing.prefix(lines).map { Self.data($0, "line") }
        let dots = showsOthers ? agreement.others.map { Self.data($0, "dot") } : []
        return [
            "title": .string(title), "query": query.data, "answer": answer.data,
            "all": .number(Double(agreement.count)),
            "agreeing": .number(Double(agreement.agreeing.count)),
            "in_the_middle": agreement.middleShare.map(JSONValue.number) ?? .null,
            "matches": .array(lines + dots),
        ]
    }

    private static func data(_ match: MarkMatch, _ drawn: String) -> JSONValue {
        func place(_ place: MarkPlace) -> JSONValue {
            ["x": .number(place.x), "y": .number(place.y), "radius": .number(place.radius)]
        }
        return [
            "query": place(match.query), "answer": place(match.database), "similarity": .number(match.similarity),
            "drawn": .string(drawn),
        ]
    }
}

/// Pairs of photographs with lines between the places of their matching marks.
public struct MatchGrid: Figure {
    public let pairs: [MatchedPair]
    /// The most lines of a pair; the strongest matches have them.
    public let lines: Int
    /// Whether the matches that do not agree are shown as dots.
    public let showsOthers: Bool
    private let width: Double
    /// The pairs as drawn.
    let turned: [MatchedPair]

    /// Creates a grid that is `width` points wide, at least 240.
    public init(pairs: [MatchedPair], lines: Int, showsOthers: Bool, width: Double = 720) {
        self.pairs = pairs
        self.lines = lines
        self.showsOthers = showsOthers
        self.width = max(width, 240)
        let areLong = pairs.flatMap { [$0.query, $0.answer] }.areLong
        turned = pairs.map { $0.turned(amongLong: areLong) }
    }

    static let legendHeight = 24.0

    private var layout: MatchLayout { MatchLayout(turned, width: width, legend: Self.legendHeight) }

    public var size: Size { Size(width, pairs.isEmpty ? 40 : layout.height) }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        guard !pairs.isEmpty else {
            canvas.line(
                "no pairs to show", at: Point(MatchLayout.margin, 20), anchor: .left,
                style: TextStyle(size: 10.5, color: Palette.secondaryInk))
            return
        }
        let layout = layout
        for (pair, place) in zip(turned, layout.places) { draw(pair, at: place, on: canvas) }
        drawLegend(y: layout.height - Self.legendHeight, on: canvas)
    }

    private func draw(_ pair: MatchedPair, at place: MatchLayout.Place, on canvas: Canvas) {
        let hasBadge = pair.answer.mark != .none
        pair.answer.mark.drawBadge(at: Point(place.title.x + 10, place.title.y + 9), on: canvas)
        let indent = hasBadge ? 26.0 : 0
        canvas.line(
            pair.title, at: Point(place.title.x + indent, place.title.y + 9), anchor: .left,
            limit: place.limit - indent, style: TextStyle(size: 11.5, weight: .bold, color: Palette.ink))
        let finding = pair.finding
        canvas.text(
            finding.prefix(1).uppercased() + finding.dropFirst(),
            at: Point(place.title.x, place.title.y + MatchLayout.titleHeight),
            style: TextStyle(size: 10.5, color: Palette.ink, width: place.limit, lines: place.findingLines))
        for (tile, photograph) in [(pair.query, place.query), (pair.answer, place.answer)] {
            tile.drawPicture(in: photograph.room, on: canvas)
            tile.drawTurn(in: photograph.room, on: canvas)
            tile.mark.drawFrame(photograph.room.inset(by: -PhotographTile.frameRoom), on: canvas)
            for (line, text) in photograph.captions.enumerated() {
                let corner = Point(
                    photograph.caption.x, photograph.caption.y + Double(line) * MatchLayout.captionHeight)
                canvas.line(
                    text, at: corner, limit: photograph.room.width,
                    style: TextStyle(size: 9.5, color: line == 0 ? Palette.ink : Palette.secondaryInk))
            }
        }
        guard pair.query.picture != nil, pair.answer.picture != nil else { return }
        let marks = MatchedMarks(query: place.query.room, answer: place.answer.room)
        if showsOthers { marks.drawDots(pair.agreement.others, on: canvas) }
        marks.drawLines(pair.agreement.agreeing.prefix(lines), on: canvas)
    }

    /// The scale of the lines, and a dot.
    private func drawLegend(y: Double, on canvas: Canvas) {
        let style = TextStyle(size: 9.5, color: Palette.secondaryInk)
        let range = MatchedMarks.scale
        let middle = y + 6
        var x = MatchLayout.margin
        func write(_ text: String) {
            canvas.line(text, at: Point(x, middle), anchor: .left, limit: width - x - MatchLayout.margin, style: style)
            x += canvas.size(of: text, style: style).width + 6
        }
        write("lines: matches that agree, by similarity: \(NumberText.fixed(range.lowerBound, 1)) or less")
        let bar = Rect(x: x, y: middle - 5, width: 90, height: 10)
        let stops = (0...16).map { step -> (Double, Color) in
            let share = Double(step) / 16
            return (share, MatchedMarks.color(range.lowerBound + share * (range.upperBound - range.lowerBound)))
        }
        canvas.fill(
            .rectangle(bar), with: .linear(from: Point(bar.x, bar.y), to: Point(bar.maxX, bar.y), stops: stops))
        x = bar.maxX + 6
        write(NumberText.fixed(range.upperBound, 1))
        guard showsOthers else { return }
        x += 16
        MatchedMarks.drawDot(at: Point(x, middle), on: canvas)
        x += 8
        write("other matches")
    }

    public var data: JSONValue {
        ["kind": "matches", "pairs": .array(pairs.map { $0.data(lines: lines, showsOthers: showsOthers) })]
    }

    public var alternativeText: String {
        guard !pairs.isEmpty else { return "No pairs of photographs." }
        let findings = pairs.map { "\($0.query.id) and \($0.answer.id) (\($0.title)): \($0.finding)" }
        return NumberText.counted(pairs.count, "pair", "pairs") + " of photographs, with lines between "
            + "\(showsOthers ? "matching marks that agree and dots at the others" : "the matching marks that agree"). "
            + Listing.sentence(findings)
    }
}

/// The marks of a pair of photographs in their places on a canvas.
struct MatchedMarks {
    /// The photographs.
    let query: Rect
    let answer: Rect

    /// The similarities from the weakest colour to the strongest.
    static let scale = 0.8...1.0

    private static let lineWidth = 1.8
    /// Of the light outline, at each side.
    private static let rim = 1.1
    /// A smaller circle would be a point.
    private static let leastRadius = 2.2
    private static let dotRadius = 2.6
    private static let numberRadius = 7.0

    /// The colour of a similarity: darker is stronger, in even steps of lightness.
    static func color(_ similarity: Double) -> Color {
        let share = (similarity - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
        return HeatScale.color(0.78 - 0.58 * min(max(share, 0), 1))
    }

    /// Draws lines between circles at the marks, the strongest on top; the marks themselves stay visible. Both ends of a
    /// line have its number, the strongest first.
    func drawLines(_ matches: some BidirectionalCollection<MarkMatch>, on canvas: Canvas) {
        let drawn = matches.reversed().map { match in
            (
                one: Self.circle(match.query, in: query), other: Self.circle(match.database, in: answer),
                color: Self.color(match.similarity)
            )
        }
        for match in drawn {
            let ends = Self.ends(match.one, match.other)
            Self.stroke(.polyline([ends.0, ends.1]), match.color, on: canvas)
        }
        // After all lines, which would hide marks close together.
        for match in drawn {
            for (circle, room) in [(match.one, query), (match.other, answer)] {
                canvas.saved {
                    canvas.clip(to: .rectangle(room.inset(by: -Self.rim)))
                    Self.stroke(.circle(center: circle.center, radius: circle.radius), match.color, on: canvas)
                }
            }
        }
        for (place, match) in drawn.enumerated() {
            let number = String(drawn.count - place)
            Self.drawNumber(number, at: match.one, besides: match.other, in: query, match.color, on: canvas)
            Self.drawNumber(number, at: match.other, besides: match.one, in: answer, match.color, on: canvas)
        }
    }

    /// Draws the number of a line at one of its ends, on the side away from the line, within the photograph.
    private static func drawNumber(
        _ number: String, at circle: Circle, besides other: Circle, in room: Rect, _ color: Color, on canvas: Canvas
    ) {
        let (x, y) = (circle.center.x - other.center.x, circle.center.y - other.center.y)
        let share = (circle.radius + numberRadius + rim) / max((x * x + y * y).squareRoot(), 1e-9)
        func within(_ value: Double, _ low: Double, _ high: Double) -> Double {
            min(max(value, low + numberRadius), max(high - numberRadius, low + numberRadius))
        }
        let place = Point(
            within(circle.center.x + share * x, room.x, room.maxX),
            within(circle.center.y + share * y, room.y, room.maxY))
        canvas.fill(.circle(center: place, radius: numberRadius), Color.white.opacity(0.9))
        canvas.stroke(.circle(center: place, radius: numberRadius), color, width: 1)
        canvas.line(number, at: place, anchor: .center, style: TextStyle(size: 9, weight: .bold, color: Palette.ink))
    }

    /// Draws faint dots at the marks of matches.
    func drawDots(_ matches: [MarkMatch], on canvas: Canvas) {
        for match in matches {
            for (place, room) in [(match.query, query), (match.database, answer)] {
                Self.drawDot(at: Self.circle(place, in: room).center, on: canvas)
            }
        }
    }

    /// A light dot with a dark rim, seen on light and on dark skin.
    static func drawDot(at center: Point, on canvas: Canvas) {
        canvas.fill(.circle(center: center, radius: dotRadius + 0.6), Color.black.opacity(0.45))
        canvas.fill(.circle(center: center, radius: dotRadius), Color.white.opacity(0.7))
    }

    private static func stroke(_ path: Path, _ color: Color, on canvas: Canvas) {
        canvas.stroke(path, Color.white.opacity(0.9), width: lineWidth + 2 * rim)
        canvas.stroke(path, color, width: lineWidth)
    }

    private typealias Circle = (center: Point, radius: Double)

    /// The circle of a mark in its photograph's rectangle.
    private static func circle(_ place: MarkPlace, in room: Rect) -> Circle {
        func within(_ share: Double) -> Double { min(max(share, 0), 1) }
        return (
            Point(room.x + within(place.x) * room.width, room.y + within(place.y) * room.height),
            max(leastRadius, place.radius * max(room.width, room.height))
        )
    }

    /// The ends of the line between two circles, at their edges.
    private static func ends(_ one: Circle, _ other: Circle) -> (Point, Point) {
        let (x, y) = (other.center.x - one.center.x, other.center.y - one.center.y)
        let length = max((x * x + y * y).squareRoot(), 1e-9)
        func end(_ circle: Circle, _ sign: Double) -> Point {
            // Circles of coarse marks may overlap.
            let share = sign * min(circle.radius / length, 0.5)
            return Point(circle.center.x + share * x, circle.center.y + share * y)
        }
        return (end(one, 1), end(other, -1))
    }
}
