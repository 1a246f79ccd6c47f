import Drawing
import Testing

@testable import Figures

struct LabelTests {
    private static func isApart(_ centers: [Double], height: Double, in column: ClosedRange<Double>) -> Bool {
        let sorted = centers.sorted()
        let inside = sorted.allSatisfy {
            $0 - height / 2 >= column.lowerBound - 1e-9 && $0 + height / 2 <= column.upperBound + 1e-9
        }
        return inside && zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 >= height - 1e-9 }
    }

    @Test(arguments: [
        [50, 50, 50, 50, 50, 50, 50, 50], [0, 0, 0, 200, 200, 200], [10, 12, 90, 91, 92, 180], [-40, 300], [100],
    ])
    func `Labels never overlap and stay in their column`(wanted: [Double]) {
        let centers = LabelLayout.centers(wanted: wanted, height: 14, in: 0...200)
        #expect(Self.isApart(centers, height: 14, in: 0...200), "\(centers)")
    }

    @Test func `Labels keep the order of their lines' ends, and of the lines if the ends are equal`() {
        let centers = LabelLayout.centers(wanted: [80, 50, 50, 20], height: 14, in: 0...200)
        #expect(centers[3] < centers[1] && centers[1] < centers[2] && centers[2] < centers[0])
    }

    @Test func `A label with room is at its line's end, and a crowd is centred on its lines' ends`() {
        let centers = LabelLayout.centers(wanted: [100, 100, 100, 20], height: 14, in: 0...200)
        #expect(centers == [86, 100, 114, 20])
    }

    @Test func `Names away from their lines repeat the marker, those at the line's end do not`() throws {
        func isDetached(_ lines: [LineChart.Line], _ ends: [Double]) throws -> Bool {
            try Self.labels(lines, ends: ends, column: 0...200).isDetached
        }
        let (short, long) = (Samples.line("a", [0.5]), Samples.line("b", [0.5, 0.6]))
        #expect(try !isDetached([long, long], [40, 80]))
        #expect(try isDetached([long, long], [40, 41]))
        #expect(try isDetached([long, short], [40, 80]))
    }

    private static func labels(_ lines: [LineChart.Line], ends: [Double]? = nil, column: ClosedRange<Double>) throws
        -> LineLabels
    {
        var labels: LineLabels?
        _ = try Canvas.raster(width: 1, height: 1) {
            labels = LineLabels(lines, ends: ends ?? lines.map { _ in 40 }, in: column, figureWidth: 480, on: $0)
        }
        return try #require(labels)
    }

    @Test func `Names that do not fit in a low figure are counted, and emphasised ones are shown`() throws {
        let lines =
            (1...7).map { Samples.line("line \($0)", [0.5]) }
            + [LineChart.Line(name: "all", points: [Point(1, 0.5)], isEmphasised: true)]
        let labels = try Self.labels(lines, column: 0...80)
        #expect(labels.entries.first?.text == "all")
        let rest = lines.count - labels.entries.count + 1
        #expect(labels.entries.last?.text == "and \(rest) more")
        #expect(rest > 1 && Self.isApart(labels.entries.map(\.center), height: 12, in: 0...80))
    }

    @Test func `A long name leaves most of the width to the lines`() throws {
        let labels = try Self.labels([Samples.line(String(repeating: "beluga ", count: 60), [0.5])], column: 0...200)
        #expect(labels.width < 0.3 * 480)
        #expect(labels.x + labels.width < 480)
    }
}
