import Basics
import Drawing
import Evaluation
import Foundation
import Imaging
import Testing

@testable import Figures

struct MatchGridTests {
    private static let picture: (red: UInt8, green: UInt8, blue: UInt8) = (200, 30, 120)

    private static func match(
        _ query: (Double, Double), _ database: (Double, Double), radius: Double = 0.03, similarity: Double = 1,
        isExplained: Bool = true
    ) -> MarkMatch {
        MarkMatch(
            query: MarkPlace(x: query.0, y: query.1, radius: radius),
            database: MarkPlace(x: database.0, y: database.1, radius: radius), similarity: similarity,
            isExplained: isExplained)
    }

    /// Four matches that agree, at almost the same place.
    private static func agreeing(_ match: MarkMatch) -> MarkAgreement {
        MarkAgreement(
            (0..<MarkAgreement.fewest).map { number in
                let place = MarkPlace(
                    x: match.query.x + Self.step * Double(number), y: match.query.y, radius: match.query.radius)
                return MarkMatch(
                    query: place, database: match.database, similarity: match.similarity,
                    isExplained: match.isExplained)
            })
    }

    /// Just enough for two places.
    private static let step = 0.002

    private static func pair(
        _ one: (Int, Int), _ other: (Int, Int), _ agreement: MarkAgreement = MarkAgreement([]), title: String = "right"
    ) -> MatchedPair {
        MatchedPair(
            title: title, query: Samples.tile("q", width: one.0, height: one.1),
            answer: Samples.tile("a", .right, width: other.0, height: other.1), agreement: agreement)
    }

    private static func grid(_ pairs: [MatchedPair], others: Bool = true) -> MatchGrid {
        MatchGrid(pairs: pairs, lines: 2, showsOthers: others)
    }

    private static func layout(_ pairs: [MatchedPair]) -> [MatchLayout.Place] {
        MatchLayout(pairs, width: 720, legend: MatchGrid.legendHeight).places
    }

    private static func isColour(
        _ pixel: (red: UInt8, green: UInt8, blue: UInt8), of similarity: Double, within levels: Double = 3
    ) -> Bool {
        let color = MatchedMarks.color(similarity)
        return zip([pixel.red, pixel.green, pixel.blue], [color.red, color.green, color.blue]).allSatisfy {
            abs(Double($0) - $1 * 255) < levels
        }
    }

    /// Whether a stroke of a similarity's colour is at a place; 1.8 points wide, it may cover two pixels to nine tenths.
    private static func hasStroke(_ raster: Raster, at place: Point, of similarity: Double) -> Bool {
        (-1...1).contains { y in
            (-1...1).contains { x in isColour(raster[Int(place.x) + x, Int(place.y) + y], of: similarity, within: 26) }
        }
    }

    @Test(arguments: [((400, 300), (300, 300)), ((600, 150), (600, 200)), ((100, 300), (120, 300))])
    func `The ends of a line lie on the marks of both photographs`(one: (Int, Int), other: (Int, Int)) throws {
        let places = [(0.25, 0.75), (0.6, 0.4)]
        let grid = Self.grid([Self.pair(one, other, Self.agreeing(Self.match(places[0], places[1])))])
        let raster = try grid.raster()
        let layout = try #require(Self.layout(grid.turned).first)
        let rooms = [layout.query.room, layout.answer.room]
        // Upright photographs lie among long ones, turned to the left.
        let isTurned = one.1 > 2 * one.0
        #expect(rooms.allSatisfy { !isTurned || $0.width > $0.height })
        let ends = zip(rooms, places).map { room, place in
            let (x, y) = isTurned ? (place.1, 1 - place.0) : place
            return Point(room.x + x * room.width, room.y + y * room.height)
        }
        for (center, room) in zip(ends, rooms) {
            // A circle of the mark's size is around the mark, which stays visible.
            let radius = 0.03 * max(room.width, room.height)
            #expect(raster[Int(center.x), Int(center.y)] == Self.picture)
            for step in [(-1.0, 0.0), (1, 0), (0, -1), (0, 1)] {
                let place = Point(center.x + step.0 * radius, center.y + step.1 * radius)
                #expect(Self.hasStroke(raster, at: place, of: 1), "\(place)")
            }
        }
        let middle = Point((ends[0].x + ends[1].x) / 2, (ends[0].y + ends[1].y) / 2)
        #expect(Self.hasStroke(raster, at: middle, of: 1))
    }

    @Test func `The strongest matches have the lines, and the others at most dots`() throws {
        let agreement = MarkAgreement(
            [0.85, 0.9, 0.95, 0.99].map { Self.match(($0, 0.2), (0.5, 0.2), similarity: $0) }
                + [Self.match((0.3, 0.3), (0.3, 0.3), similarity: 0.999, isExplained: false)])
        let data = Self.grid([Self.pair((40, 30), (40, 30), agreement)]).data
        let matches = try #require(data[path: "pairs.0.matches"]?.array)
        #expect(matches.map { $0["similarity"]?.double } == [0.99, 0.95, 0.999])
        #expect(matches.map { $0["drawn"]?.string } == ["line", "line", "dot"])
        #expect(matches[0][path: "query.x"]?.double == 0.99 && matches[0][path: "answer.radius"]?.double == 0.03)
        #expect(data[path: "pairs.0.all"]?.integer == 5 && data[path: "pairs.0.agreeing"]?.integer == 4)
        #expect(data[path: "pairs.0.in_the_middle"]?.double == 0)
        let hidden = Self.grid([Self.pair((40, 30), (40, 30), agreement)], others: false)
        #expect(hidden.data[path: "pairs.0.matches"]?.array?.count == 2)
        #expect(hidden.pairs[0].finding.hasSuffix(", none of them in the middle of both"))
        #expect(try hidden.raster() != Self.grid([Self.pair((40, 30), (40, 30), agreement)]).raster())
    }

    @Test func `A stronger line covers a weaker one`() throws {
        let agreement = MarkAgreement(
            [0.8, 0.81, 0.82].map { Self.match((0.1 + ($0 - 0.79) * 0.2, 0.1), (0.9, 0.9), similarity: $0) }
                + [Self.match((0.1, 0.1), (0.9, 0.9), similarity: 1)])
        let grid = MatchGrid(pairs: [Self.pair((40, 30), (40, 30), agreement)], lines: 4, showsOthers: true)
        let place = try #require(Self.layout(grid.pairs).first)
        let raster = try grid.raster()
        let rows = Int(place.query.room.y)..<Int(place.query.room.maxY)
        let columns = Int(place.query.room.x)..<Int(place.answer.room.maxX)
        func count(_ similarity: Double) -> Int {
            rows.reduce(0) { sum, y in sum + columns.count { Self.isColour(raster[$0, y], of: similarity) } }
        }
        #expect(count(1) > 500 && count(0.8) == 0)
    }

    @Test(arguments: [(300, 300), (400, 300), (600, 400), (200, 300)])
    func `Photographs of usual shapes are next to each other and fill the width or a page`(side: (Int, Int)) throws {
        let pairs = [Self.pair(side, side), Self.pair(side, side)]
        let places = Self.layout(pairs)
        #expect(
            places.allSatisfy { $0.query.room.y == $0.answer.room.y && $0.query.room.height == $0.answer.room.height })
        #expect(places[1].title.y > places[0].end)
        let (width, height) = (places[0].answer.room.maxX - places[0].query.room.x, places[0].query.room.height)
        #expect(abs(width - 700) < 1e-9 || abs(Self.grid(pairs).size.height - 1.4 * 720) < 15)
        #expect(abs(places[0].query.room.width / height - Double(side.0) / Double(side.1)) < 1e-9)
    }

    @Test(arguments: [(440, 200), (600, 200), (1200, 200)])
    func `Photographs wider than two to one are below each other`(side: (Int, Int)) {
        let places = Self.layout([Self.pair(side, side), Self.pair(side, side)])
        #expect(places.allSatisfy { $0.query.room.x == $0.answer.room.x && $0.answer.room.y > $0.query.room.maxY })
        #expect(places[0].query.room.width > 350)
        #expect(places[1].title.y > places[0].end)
        let single = Self.layout([Self.pair(side, side)])
        #expect(single[0].query.room.width > 695)
    }

    @Test func `Pairs of very high photographs are next to each other`() {
        let places = Self.layout([Self.pair((60, 200), (60, 200)), Self.pair((60, 200), (60, 200))])
        #expect(places[0].query.room.y == places[1].query.room.y && places[1].query.room.x > places[0].answer.room.maxX)
        #expect(places[0].query.room.height > 450)
    }

    @Test(arguments: [
        [(400, 300), (300, 400)], [(900, 200), (900, 300)], [(50, 300), (80, 300)], [(300, 10), (10, 300)],
    ])
    func `Everything stays within the figure`(sides: [(Int, Int)]) throws {
        let match = Self.match((-0.1, -0.1), (1.1, 1.1), radius: 10)
        let grid = Self.grid([
            Self.pair(sides[0], sides[1], Self.agreeing(match), title: String(repeating: "long ", count: 60)),
            Self.pair(sides[1], sides[0], Self.agreeing(Self.match((0.5, 0.5), (0.5, 0.5)))),
        ])
        let raster = try grid.raster()
        let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
        #expect(ink.x.lowerBound >= 4 && ink.x.upperBound < raster.width - 4)
        #expect(ink.y.lowerBound >= 4 && ink.y.upperBound < raster.height - 4)
    }

    @Test func `Colours darken evenly with the similarity, and outside the scale they stay at its ends`() {
        let levels = (0...10).map { step -> Double in
            let color = MatchedMarks.color(0.8 + Double(step) / 50)
            return 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue
        }
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 > $1 + 0.02 })
        #expect(MatchedMarks.color(-1) == MatchedMarks.color(0.8) && MatchedMarks.color(1.5) == MatchedMarks.color(1))
    }

    @Test func `A photograph that cannot be read has no lines`() throws {
        let agreement = Self.agreeing(Self.match((0.5, 0.5), (0.5, 0.5)))
        let tile = PhotographTile(id: "x", picture: nil, captions: ["x"])
        let grid = Self.grid([
            MatchedPair(title: "wrong", query: tile, answer: Samples.tile("a", .wrong), agreement: agreement)
        ])
        let place = try #require(Self.layout(grid.pairs).first)
        let raster = try grid.raster()
        let line = Int(place.answer.room.x - 9)..<Int(place.answer.room.x - 5)
        #expect(line.allSatisfy { raster[$0, Int(place.query.room.center.y)] == (255, 255, 255) })
        #expect(grid.data[path: "pairs.0.query.readable"]?.bool == false)
    }

    @Test func `The alternative text has the finding of each pair`() {
        let wrong = MatchedPair(
            title: "wrong, rank 1", query: Samples.tile("q"), answer: Samples.tile("a", .wrong),
            agreement: Self.agreeing(Self.match((0.5, 0.5), (0.5, 0.5))))
        let right = MatchedPair(
            title: "right, rank 9", query: Samples.tile("q"), answer: Samples.tile("b", .right),
            agreement: MarkAgreement([]))
        #expect(
            Self.grid([wrong, right]).alternativeText
                == "2 pairs of photographs, with lines between matching marks that agree and dots at the others. q and a "
                + "(wrong, rank 1): 4 of 4 matches agree on one movement, all of them in the middle of both; q and b "
                + "(right, rank 9): no marks match.")
        #expect(Self.grid([wrong], others: false).alternativeText.contains("lines between the matching marks that"))
        #expect(MatchGrid(pairs: [], lines: 1, showsOthers: true).alternativeText == "No pairs of photographs.")
        #expect(MatchGrid(pairs: [], lines: 1, showsOthers: true).size.height < 60)
    }

    @Test func `The same pairs give the same bytes`() throws {
        #expect(try Samples.matches.png(scale: 1.5) == Samples.matches.png(scale: 1.5))
    }
}
