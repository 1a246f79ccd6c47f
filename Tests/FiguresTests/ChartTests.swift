import Basics
import Drawing
import Foundation
import Imaging
import Testing

@testable import Figures

/// Bars, dots with intervals, histograms and reliability.
struct ChartTests {
    @Test func `The data of bars has every value, and null for a missing one`() {
        let rows = Samples.bars.data["rows"]?.array ?? []
        #expect(Samples.bars.data["series"]?.array?.compactMap(\.string) == ["of 24 misses", "of 40 hits"])
        #expect(rows.map { $0["name"]?.string } == ["hub", "few photographs in the database", "unknown"])
        #expect(rows[0]["values"]?.numbers == [62, 3] && rows[2]["values"]?.array?.last == .null)
        #expect(
            Samples.bars.alternativeText
                == "Bars of % of queries to which the cause applies: hub of 24 misses: 62.0, of 40 hits: 3.0; 12 misses; "
                + "few photographs in the database of 24 misses: 25.0, of 40 hits: 17.5; 6 misses; "
                + "unknown of 24 misses: 25.0, of 40 hits: not known; 6 misses.")
    }

    @Test func `A bar ends at its value on the scale`() throws {
        func end(_ value: Double) throws -> Int {
            let chart = BarChart(
                horizontal: "%", series: ["a"], rows: [.init(name: "x", values: [value], note: "")], range: 0...100,
                width: 400)
            return try #require(chart.raster().bounds { $0.red < 40 && $0.blue > 150 }?.x.upperBound)
        }
        let (quarter, half, whole) = (try end(25), try end(50), try end(100))
        // Pixels are whole.
        #expect(abs((half - quarter) * 2 - (whole - half)) <= 2 && half > quarter + 50)
    }

    @Test func `The data of intervals has value and ends`() {
        let rows = Samples.intervals.data["rows"]?.array ?? []
        #expect(rows[0]["value"]?.double == 0.75 && rows[0]["low"]?.double == 0.61 && rows[0]["high"]?.double == 0.86)
        #expect(rows[1]["low"] == .null && rows[2]["value"] == .null)
        #expect(Samples.intervals.alternativeText.contains(": all queries 0.512 (0.400 to 0.600); top-top"))
    }

    @Test func `The data of pairs has both values and the interval, and the text the subject first`() {
        let rows = Samples.dumbbells.data["rows"]?.array ?? []
        #expect(rows[1]["before"]?.double == 0.475 && rows[1]["after"]?.double == 0.43)
        #expect(rows[1]["low"]?.double == 0.38 && rows[2]["low"] == .null && rows[3]["before"] == .null)
        #expect(
            Samples.dumbbells.alternativeText.hasPrefix(
                "Pairs of dots for mAP@20, before (run 1) and after: all queries 0.613 to 0.635, +0.022; top-top"))
    }

    @Test func `A fall is drawn left of its ring as a diamond, a rise right of it as a disc`() throws {
        func marks(_ after: Double) throws -> (blue: Int?, red: Int?) {
            let chart = DumbbellChart(
                horizontal: "x", legend: .init(before: "", risen: "", fallen: "", interval: ""),
                rows: [.init(name: "a", before: 0.5, after: after, note: "")], range: 0...1, width: 300)
            let raster = try chart.raster()
            func middle(_ isMark: (_ red: UInt8, _ blue: UInt8) -> Bool) -> Int? {
                let columns = (0..<raster.width).filter { x in
                    // Below the legend, which has the same marks.
                    (26..<raster.height).contains { isMark(raster[x, $0].red, raster[x, $0].blue) }
                }
                return columns.isEmpty ? nil : columns[columns.count / 2]
            }
            return (middle { $0 < 20 && $1 > 160 }, middle { $0 > 200 && $1 < 20 })
        }
        let (rise, fall) = (try marks(0.8), try marks(0.2))
        #expect(rise.red == nil && fall.blue == nil)
        let (right, left) = (try #require(rise.blue), try #require(fall.red))
        // The scale has about 250 points for 0 to 1.
        #expect((120...190).contains(right - left))
    }

    @Test func `The data of a histogram has all counts, and its alternative text the highest bins`() {
        #expect(Samples.histogram.data[path: "series.1.counts"]?.numbers == [3, 9, 12, 6, 2, 0])
        #expect(Samples.histogram.data[path: "landmarks.0.value"]?.double == 0.672)
        #expect(
            Samples.histogram.alternativeText
                == "Histogram of Photographs by cosine to the nearest photograph. the animal is in the database: 32, "
                + "most (14) from 0.80 to 0.90; the animal is not: 32, most (12) from 0.60 to 0.70; "
                + "called new below 0.672."
        )
    }

    @Test func `The highest bar of a histogram is as high as its count on the axis`() throws {
        let histogram = Histogram(
            horizontal: "x", vertical: "y", range: 0...1, series: [.init(name: "a", counts: [10, 5])],
            size: Size(300, 240))
        let raster = try histogram.raster()
        func isBlue(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool { pixel.red < 40 && pixel.blue > 150 }
        let all = try #require(raster.bounds(where: isBlue))
        func height(_ x: Int) -> Int { (0..<raster.height).count { isBlue(raster[x, $0]) } }
        let (first, second) = (height(all.x.lowerBound + 10), height(all.x.upperBound - 10))
        #expect(abs(first - 2 * second) <= 2 && second > 40)
    }

    @Test func `Counts have whole steps, however few they are`() {
        for most in [0, 1, 2, 3, 7, 60, 12_345] {
            let axis = Axis(counting: most, count: 4)
            #expect(axis.range.lowerBound == 0 && axis.range.upperBound >= Double(most))
            #expect(axis.ticks.allSatisfy { $0 == $0.rounded() } && axis.ticks.count >= 2)
        }
    }

    @Test func `The data of reliability has predictions, observations and counts`() {
        let bins = Samples.reliability.data["bins"]?.array ?? []
        #expect(bins.map { $0["count"]?.integer } == [40, 12, 31])
        #expect(bins[1]["low"]?.double == 0.2 && bins[2]["high"] == .null)
        let text = Samples.reliability.alternativeText
        #expect(text.contains("predicted 0.46, observed 0.35 (0.20 to 0.55), 12 predictions"))
    }

    @Test func `A band covers its intervals and is interrupted where one is unknown`() throws {
        func raster(_ band: [ClosedRange<Double>?]) throws -> Raster {
            let line = LineChart.Line(name: "a", points: (1...4).map { Point(Double($0), 0.5) }, band: band)
            return try Samples.chart([line], range: 0...1).raster()
        }
        func isShade(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool {
            pixel.blue > 240 && (200...230).contains(pixel.red)
        }
        let whole = try raster([0.4...0.6, 0.4...0.6, 0.4...0.6, 0.4...0.6])
        let narrow = try #require(whole.bounds(where: isShade))
        let wide = try #require(raster([0.2...0.6, 0.2...0.6, 0.2...0.6, 0.2...0.6]).bounds(where: isShade))
        // The scale from 0 to 1 is five times as high as the narrow band; edges are half pixels.
        #expect(abs(narrow.y.count * 2 - wide.y.count) <= 3 && narrow.y.lowerBound == wide.y.lowerBound)
        #expect(narrow.y.count > 30)
        func shaded(_ raster: Raster) -> Int {
            (0..<raster.height).reduce(0) { sum, y in sum + (0..<raster.width).count { isShade(raster[$0, y]) } }
        }
        let half = try raster([0.4...0.6, 0.4...0.6, nil, nil])
        #expect(shaded(half) < shaded(whole) / 2 && shaded(half) > shaded(whole) / 4)
        let line = LineChart.Line(
            name: "a", points: [Point(1, 0.5), Point(2, .nan), Point(3, 0.5), Point(4, 0.5)],
            band: [0...1, nil, 0...1, nil])
        #expect(line.bandStretches.map(\.count) == [2], "a point that was not measured does not split the band")
        #expect(line.heights.max() == 1)
    }

    @Test func `The data and the alternative text have a line's band`() {
        #expect(Samples.curves.data[path: "lines.0.low"]?.array == [0.2, .null, 0.4])
        #expect(Samples.curves.data[path: "lines.1.low"] == nil)
        #expect(Samples.curves.alternativeText.contains("all queries 0.510 (0.400 to 0.600); left|top 0.275"))
    }

    @Test func `Names that do not fit are cut, and nothing leaves the figure's borders`() throws {
        let long = String(repeating: "a very long name ", count: 30)
        let figures: [any Figure] = [
            BarChart(horizontal: long, series: [long, long], rows: [.init(name: long, values: [1, 2], note: long)]),
            BarChart(horizontal: "", series: [], rows: []),
            BarChart(horizontal: "x", series: ["a"], rows: [.init(name: "حوت", values: [.infinity], note: "кит\n")]),
            IntervalChart(
                horizontal: long, rows: [.init(name: long, value: 1e300, interval: -1e300...1e300, note: long)]),
            IntervalChart(horizontal: "x", rows: []),
            Histogram(
                horizontal: long, vertical: long, range: 0...1,
                series: [.init(name: long, counts: [0, 0]), .init(name: long, counts: [0, 0])],
                landmarks: [.init(name: long, value: 1), .init(name: "beyond", value: 7)]),
            Histogram(horizontal: "", vertical: "", range: 0...1, series: []),
            ReliabilityChart(horizontal: long, vertical: long, counted: long, bins: []),
        ]
        for figure in figures {
            let raster = try figure.raster()
            let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
            #expect(ink.x.lowerBound > 0 && ink.x.upperBound < raster.width - 1, "\(figure.alternativeText.prefix(40))")
            #expect(ink.y.lowerBound > 0 && ink.y.upperBound < raster.height - 1)
        }
    }
}
