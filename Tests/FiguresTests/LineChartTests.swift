import Basics
import Drawing
import Foundation
import Testing

@testable import Figures

struct LineChartTests {
    @Test func `The file has the requested size and the same bytes twice`() throws {
        let chart = Samples.chart([Samples.line("left|top", [0.2, 0.275]), Samples.line("all", [0.4, 0.5125])])
        let svg = try chart.svg()
        #expect(String(decoding: svg, as: UTF8.self).contains("viewBox=\"0 0 480 288\""))
        #expect(try chart.svg() == svg)
        #expect(try chart.png(scale: 1.5) == chart.png(scale: 1.5))
    }

    @Test func `The data has every line, and null for points that were not measured`() {
        let chart = Samples.chart([Samples.line("b0 <&>", [0.25, .nan, 0.5125])])
        #expect(
            chart.data.canonicalText == """
                {"horizontal":"k","kind":"lines","lines":[{"name":"b0 <&>","x":[1,2,3],"y":[0.25,null,0.5125]}],\
                "vertical":"mAP@k"}
                """)
    }

    @Test func `The alternative text has the range and every line's last value`() {
        let chart = Samples.chart([
            Samples.line("left|top", [0.2, 0.275, .nan]), Samples.line("all, before", [0.4, 0.45, 0.5125]),
            Samples.line("none", [.nan]),
        ])
        #expect(
            chart.alternativeText
                == "Chart of mAP@k over k from 1 to 3. Last values: left|top 0.275; all, before 0.512; none no value."
        )
        #expect(Samples.chart([]).alternativeText == "Chart of mAP@k over k, with no values.")
    }

    @Test func `Points that were not measured are bridged by a straight line`() throws {
        let gap = try Samples.chart([Samples.line("b0", [0.2, .nan, 0.6])]).raster()
        let whole = try Samples.chart([
            LineChart.Line(name: "b0", points: [Point(1, 0.2), Point(3, 0.6)])
        ]).raster()
        #expect(gap == whole)
    }

    @Test func `Eight lines differ in marker and in colour`() {
        let looks = LineLook.looks(of: (1...8).map { Samples.line("line \($0)", [0.5]) })
        #expect(Set(looks.prefix(7).map(\.marker)).count == 7)
        for (index, look) in looks.enumerated() {
            #expect(looks.dropFirst(index + 1).allSatisfy { $0.color != look.color })
        }
    }

    @Test func `An emphasised line is the heaviest, and a dashed one takes no colour from the others`() {
        let points = [Point(1, 0.5)]
        let looks = LineLook.looks(of: [
            .init(name: "before", points: points, isDashed: true), .init(name: "left", points: points),
            .init(name: "all", points: points, isEmphasised: true),
        ])
        #expect(looks.map(\.color) == [Palette.reference, Palette.lines[0], Palette.ink])
        #expect(looks[2].width > looks[1].width && !looks[0].dash.isEmpty)
    }

    @Test func `Lines do not leave the plot if values are outside the range`() throws {
        let raster = try Samples.chart([Samples.line("a", [0.5, 40, 0.5])], range: 0...1).raster()
        let blue = raster.bounds { $0.red < 40 && $0.blue > 150 }
        #expect(blue.map { $0.y.lowerBound >= 2 } == true)
    }

    @Test(
        arguments: [
            [], [[]], [[0.5]], [[0, 0, 0]], [[.nan, .nan]], [[.infinity, 1, -.infinity]], [[1e99, -1e99]],
            [[Double]](repeating: [Double](repeating: 0.7, count: 100), count: 8),
        ] as [[[Double]]])
    func `Any values and any size give a chart within its borders`(values: [[Double]])
        throws
    {
        let names = ["a", "a & b <c>|d", "حوت أبيض", "", "кит\nбелый", String(repeating: "long ", count: 50), "g", "h"]
        let lines = zip(names, values).map(Samples.line)
        for size in [Size(720, 384), Size(96, 48), Size(48, 384)] {
            let svg = try Samples.chart(lines, size: size).svg()
            #expect(svg.starts(with: Data("<?xml".utf8)))
        }
        let raster = try Samples.chart(lines, size: Size(720, 384)).raster()
        let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
        #expect(ink.x.lowerBound > 0 && ink.x.upperBound < 719 && ink.y.lowerBound > 0 && ink.y.upperBound < 383)
    }
}
