import Basics
import Drawing

/// Predicted probabilities against observed shares, above a histogram of the predictions.
///
/// Source: DeGroot and Fienberg, "The comparison and evaluation of forecasters", The Statistician 32, 1983.
public struct ReliabilityChart: Figure {
    /// The predictions within one range.
    public struct Bin: Sendable, Equatable {
        public let range: Range<Double>
        /// The mean prediction.
        public let said: Double
        /// The observed share, and its interval.
        public let share: Double
        public let interval: ClosedRange<Double>?
        public let count: Int

        /// Creates a bin of at least one prediction.
        public init(range: Range<Double>, said: Double, share: Double, interval: ClosedRange<Double>?, count: Int) {
            self.range = range
            self.said = said
            self.share = share
            self.interval = interval
            self.count = count
        }
    }

    public let horizontal: String
    public let vertical: String
    /// The title of the counts below.
    public let counted: String
    public let bins: [Bin]
    public let size: Size

    /// Creates a chart of `size` points.
    public init(
        horizontal: String, vertical: String, counted: String, bins: [Bin], size: Size = Size(576, 480)
    ) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.counted = counted
        self.bins = bins
        self.size = size
    }

    public var data: JSONValue {
        let bins = bins.map { bin -> JSONValue in
            [
                "from": .number(bin.range.lowerBound), "to": .number(bin.range.upperBound), "said": .finite(bin.said),
                "share": .finite(bin.share), "low": .finite(bin.interval?.lowerBound ?? .nan),
                "high": .finite(bin.interval?.upperBound ?? .nan), "count": .number(Double(bin.count)),
            ]
        }
        return [
            "kind": "reliability", "horizontal": .string(horizontal), "vertical": .string(vertical),
            "counted": .string(counted), "bins": .array(bins),
        ]
    }

    public var alternativeText: String {
        let entries = bins.map { bin in
            let interval = bin.interval.map { " (\(NumberText.interval($0, 2)))" } ?? ""
            let (said, share) = (NumberText.fixed(bin.said, 2), NumberText.fixed(bin.share, 2))
            return "predicted \(said), observed \(share)\(interval), \(bin.count) \(counted.lowercased())"
        }
        guard !entries.isEmpty else { return "Reliability of \(horizontal), with no values." }
        return "Reliability of \(horizontal): " + Listing.sentence(entries)
    }

    private static let lowerShare = 0.24
    private static let gap = 14.0

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let height = max(3, size.height - 10 - Self.gap - ChartFrame.bottomRoom(on: canvas))
        let lowerHeight = height * Self.lowerShare
        let counts = Axis(counting: bins.map(\.count).max() ?? 0, count: 2)
        let shares = Axis(
            range: 0...1, count: ChartFrame.stepCount(along: height - lowerHeight, isHorizontal: false))
        let left = [counts, shares].map { ChartFrame.leftRoom(for: $0, on: canvas) }.max() ?? 0
        let width = max(1, size.width - left - 14)
        let said = Axis(range: 0...1, count: ChartFrame.stepCount(along: width, isHorizontal: true))
        let upper = ChartFrame(
            plot: Rect(x: left, y: 10, width: width, height: height - lowerHeight), horizontal: said, vertical: shares)
        let lower = ChartFrame(
            plot: Rect(x: left, y: upper.plot.maxY + Self.gap, width: width, height: lowerHeight), horizontal: said,
            vertical: counts)
        upper.drawVerticalAxis(on: canvas)
        lower.drawVerticalAxis(on: canvas)
        ChartFrame.drawTitles("", vertical, besides: upper.plot, in: size, on: canvas)
        ChartFrame.drawTitles(horizontal, counted, besides: lower.plot, in: size, on: canvas)
        canvas.stroke(
            .polyline([Point(upper.x(0), upper.y(0)), Point(upper.x(1), upper.y(1))]), Palette.reference, width: 1.6,
            dash: [5, 4])
        drawDots(upper, on: canvas)
        for bin in bins {
            let ends = [bin.range.lowerBound, bin.range.upperBound].map(lower.x)
            let y = lower.y(Double(bin.count))
            BarLook.looks(count: 1)[0].draw(
                Rect(x: ends[0] + 1, y: y, width: ends[1] - ends[0] - 2, height: lower.plot.maxY - y), on: canvas)
        }
        lower.drawHorizontalAxis(on: canvas)
    }

    private func drawDots(_ frame: ChartFrame, on canvas: Canvas) {
        let places = bins.map { Point(frame.x($0.said), frame.y($0.share)) }
        canvas.stroke(.polyline(places), Palette.ink.opacity(0.45), width: 1.2)
        for (bin, place) in zip(bins, places) {
            if let interval = bin.interval {
                let ends = [interval.lowerBound, interval.upperBound].map(frame.y)
                canvas.stroke(.polyline(ends.map { Point(place.x, $0) }), Palette.ink, width: 1.6)
                for y in ends {
                    canvas.stroke(.polyline([Point(place.x - 4, y), Point(place.x + 4, y)]), Palette.ink, width: 1.4)
                }
            }
            Marker.circle.draw(at: place, radius: 4, Palette.ink, on: canvas)
        }
    }
}
