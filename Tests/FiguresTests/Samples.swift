import Drawing
import Foundation
import Imaging

@testable import Figures

/// Figures for several tests.
enum Samples {
    static func line(_ name: String, _ values: [Double]) -> LineChart.Line {
        LineChart.Line(name: name, points: values.enumerated().map { Point(Double($0 + 1), $1) })
    }

    static func chart(
        _ lines: [LineChart.Line], range: ClosedRange<Double>? = nil, size: Size = Size(480, 288)
    ) -> LineChart {
        LineChart(horizontal: "k", vertical: "mAP@k", lines: lines, range: range, size: size)
    }

    static func tile(
        _ id: String, _ mark: PhotographTile.Mark = .none, width: Int = 40, height: Int = 40,
        captions: [String] = ["whale 1", "left, 0.812"]
    ) -> PhotographTile {
        let picture = Raster(width: width, height: height, red: 200, green: 30, blue: 120)
        return PhotographTile(id: id, picture: picture, captions: captions, mark: mark)
    }

    static let grid = RetrievalGrid(rows: [
        RetrievalRow(
            query: tile("q1"), answers: [tile("a", .wrong), tile("b", .right), tile("c", .wrong)],
            note: "The first right match has rank 2."),
        RetrievalRow(query: tile("q2"), answers: [tile("a", .wrong), tile("d", .wrong), tile("e", .wrong)], note: ""),
    ])
}

extension Figure {
    /// The figure at one pixel per point.
    func raster() throws -> Raster {
        let size = try size
        return try Canvas.raster(
            width: Int(size.width.rounded(.up)), height: Int(size.height.rounded(.up)), draw(on:))
    }
}

extension Raster {
    /// The first and last rows and columns of the pixels that satisfy a condition.
    func bounds(where condition: ((red: UInt8, green: UInt8, blue: UInt8)) -> Bool) -> (
        x: ClosedRange<Int>, y: ClosedRange<Int>
    )? {
        var (xs, ys) = (Set<Int>(), Set<Int>())
        for y in 0..<height {
            for x in 0..<width where condition(self[x, y]) {
                xs.insert(x)
                ys.insert(y)
            }
        }
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return nil }
        return (left...right, top...bottom)
    }
}
