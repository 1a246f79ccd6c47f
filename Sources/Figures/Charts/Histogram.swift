import Basics
import Drawing

/// Counts of values in bins of equal width; a second series is hatched over the first, so that both are at their
/// values.
public struct Histogram: Figure {
    /// The counts of one series, one per bin.
    public struct Series: Sendable, Equatable {
        public let name: String
        public let counts: [Int]

        /// Creates a series.
        public init(name: String, counts: [Int]) {
            self.name = name
            self.counts = counts
        }
    }

    /// A marked value, such as a threshold.
    public struct Landmark: Sendable, Equatable {
        /// Its label, which includes the value.
        public let name: String
        public let value: Double

        /// Creates a landmark.
        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// The titles of the scale and of the counts.
    public let horizontal: String
    public let vertical: String
    /// The range of all bins together.
    public let range: ClosedRange<Double>
    public let series: [Series]
    public let landmarks: [Landmark]
    public let size: Size

    /// Creates a histogram of `size` points; the ends of the range differ, and all series have the same number of bins.
    public init(
        horizontal: String, vertical: String, range: ClosedRange<Double>, series: [Series],
        landmarks: [Landmark] = [], size: Size = Size(720, 288)
    ) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.range = range
        self.series = series
        self.landmarks = landmarks
        self.size = size
    }

    private var bins: Int { series.map(\.counts.count).max() ?? 0 }
    private var width: Double { (range.upperBound - range.lowerBound) / Double(max(bins, 1)) }

    /// The landmarks within the range.
    private var visible: [Landmark] { landmarks.filter { range.contains($0.value) } }

    public var data: JSONValue {
        [
            "kind": "histogram", "horizontal": .string(horizontal), "vertical": .string(vertical),
            "range": [.finite(range.lowerBound), .finite(range.upperBound)],
            "series": .array(
                series.map { ["name": .string($0.name), "counts": .array($0.counts.map { .number(Double($0)) })] }),
            "landmarks": .array(landmarks.map { ["name": .string($0.name), "value": .finite($0.value)] }),
        ]
    }

    public var alternativeText: String {
        let all = series.map { series -> String in
            let count = series.counts.reduce(0, +)
            guard let most = series.counts.max(), most > 0, let bin = series.counts.firstIndex(of: most) else {
                return "\(series.name): none"
            }
            let ends = [Double(bin), Double(bin + 1)].map { NumberText.fixed(range.lowerBound + $0 * width, 2) }
            return "\(series.name): \(count), most (\(most)) from \(ends[0]) to \(ends[1])"
        }
        return "Histogram of \(vertical) by \(horizontal). " + Listing.sentence(all + landmarks.map(\.name))
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let legend = series.count > 1 ? BarLook.legendHeight : 0
        let top = 10.0 + legend + (visible.isEmpty ? 0 : 16)
        let height = max(1, size.height - top - ChartFrame.bottomRoom(on: canvas))
        let most = series.flatMap(\.counts).max() ?? 0
        let vertical = Axis(
            counting: most, count: ChartFrame.stepCount(along: height, isHorizontal: false))
        let left = ChartFrame.leftRoom(for: vertical, on: canvas)
        let plot = Rect(x: left, y: top, width: max(1, size.width - left - 14), height: height)
        let frame = ChartFrame(
            plot: plot,
            horizontal: Axis(range: range, count: ChartFrame.stepCount(along: plot.width, isHorizontal: true)),
            vertical: vertical)
        frame.drawVerticalAxis(on: canvas)
        drawBars(frame, on: canvas)
        frame.drawHorizontalAxis(on: canvas)
        ChartFrame.drawTitles(horizontal, self.vertical, besides: plot, in: size, on: canvas)
        if series.count > 1 {
            BarLook.drawLegend(
                series.map(\.name), from: Point(plot.x, 6), limit: size.width - 8, on: canvas)
        }
        for landmark in visible { draw(landmark, frame, on: canvas) }
        if most == 0 {
            canvas.line("no values", at: plot.center, anchor: .center, limit: plot.width, style: ChartFrame.absence)
        }
    }

    private func drawBars(_ frame: ChartFrame, on canvas: Canvas) {
        for (series, look) in zip(series, BarLook.looks(count: series.count)) {
            for (bin, count) in series.counts.enumerated() {
                guard count > 0 else { continue }
                let ends = [Double(bin), Double(bin + 1)].map { frame.x(range.lowerBound + $0 * width) }
                let y = frame.y(Double(count))
                look.draw(
                    Rect(x: ends[0] + 1, y: y, width: ends[1] - ends[0] - 2, height: frame.plot.maxY - y), on: canvas)
            }
        }
    }

    private func draw(_ landmark: Landmark, _ frame: ChartFrame, on canvas: Canvas) {
        let x = frame.x(landmark.value)
        canvas.stroke(
            .polyline([Point(x, frame.plot.y), Point(x, frame.plot.maxY)]), Palette.ink, width: 1.4, dash: [5, 4])
        let style = TextStyle(size: 10, color: Palette.ink)
        canvas.line(
            landmark.name, centeredOn: x, y: frame.plot.y - 3, anchor: .bottom, within: 4...max(5, size.width - 4),
            style: style)
    }
}
