import Basics
import Drawing
import Foundation
import Testing

@testable import Figures

@Suite struct ScatterChartTests {
    @Test func `The data has every point with its name and position`() {
        let groups = Samples.scatter.data["groups"]?.array ?? []
        #expect(groups.map { $0["name"]?.string } == ["w1", "<w2> & co.", "others"])
        #expect(groups[0]["x"]?.numbers == [0, 2] && groups[0]["y"]?.numbers == [0, 1])
        #expect(groups[1]["ids"]?.array?.compactMap(\.string) == ["c"])
        #expect(Samples.scatter.alternativeText == "Map of 4 points in groups: w1 (2), <w2> & co. (1), others (1).")
    }

    @Test func `The same chart gives the same bytes, and another chart gives others`() throws {
        let first = try Samples.scatter.png(scale: 1)
        #expect(try Samples.scatter.png(scale: 1) == first)
        let moved = ScatterChart(
            horizontal: nil, vertical: nil,
            groups: [.init(name: "w1", points: [Point(0, 0), Point(2, 1)], ids: ["a", "b"])], size: Size(360, 240))
        #expect(try moved.png(scale: 1) != first)
    }

    @Test(arguments: [0, 1, 60]) func `No group, one point and more groups than rows are drawn`(count: Int) throws {
        let groups = (0..<count).map { number in
            ScatterChart.Group(
                name: "an animal with quite a long name \(number)", points: [Point(5, 5)], ids: ["p\(number)"])
        }
        let chart = ScatterChart(horizontal: nil, vertical: nil, groups: groups, size: Size(300, 160))
        #expect(try chart.png(scale: 1).count > 100)
        #expect(chart.alternativeText.hasPrefix("Map of \(count == 1 ? "1 point" : "\(count) points")"))
    }
}
