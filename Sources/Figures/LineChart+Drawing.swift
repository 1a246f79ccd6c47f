import Drawing

extension LineChart {
    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let frame = ChartFrame(self, on: canvas)
        drawAxes(frame, on: canvas)
        let looks = LineLook.looks(of: lines)
        // What is emphasised lies above the others.
        let order = lines.indices.sorted { (lines[$0].isEmphasised ? 1 : 0, $0) < (lines[$1].isEmphasised ? 1 : 0, $1) }
        canvas.saved {
            canvas.clip(to: .rectangle(frame.plot.inset(by: -Self.markerRadius * 2)))
            for index in order { draw(lines[index], index, looks[index], frame, on: canvas) }
        }
        drawLabels(frame, looks, on: canvas)
        if lines.allSatisfy(\.measured.isEmpty) {
            canvas.line(
                "no values", at: frame.plot.center, anchor: .center, limit: frame.plot.width,
                style: TextStyle(size: 11, color: Palette.secondaryInk))
        }
    }

    private static let markerRadius = 3.2
    /// Markers of one line stand at least so far apart.
    private static let markerDistance = 22.0

    private func drawAxes(_ frame: ChartFrame, on canvas: Canvas) {
        let plot = frame.plot
        for tick in frame.vertical.ticks {
            let y = frame.y(tick)
            canvas.stroke(.polyline([Point(plot.x, y), Point(plot.maxX, y)]), Palette.grid, width: 1)
            canvas.text(
                frame.vertical.numeral(of: tick), at: Point(plot.x - 6, y), anchor: .right, style: ChartFrame.numerals)
        }
        canvas.stroke(.polyline([Point(plot.x, plot.maxY), Point(plot.maxX, plot.maxY)]), Palette.axis, width: 1)
        for tick in frame.horizontal.ticks {
            let x = frame.x(tick)
            canvas.stroke(.polyline([Point(x, plot.maxY), Point(x, plot.maxY + 4)]), Palette.axis, width: 1)
            canvas.text(
                frame.horizontal.numeral(of: tick), at: Point(x, plot.maxY + 6), anchor: .top,
                style: ChartFrame.numerals)
        }
        ChartFrame.drawTitles(horizontal, vertical, besides: plot, in: size, on: canvas)
    }

    private func draw(_ line: Line, _ index: Int, _ look: LineLook, _ frame: ChartFrame, on canvas: Canvas) {
        let places = line.measured.map { Point(frame.x($0.x), frame.y($0.y)) }
        guard let first = places.first, let last = places.last else { return }
        canvas.stroke(.polyline(places), look.color, width: look.width, dash: look.dash)
        let spacing = (last.x - first.x) / Double(max(1, places.count - 1))
        let stride = spacing > 0 ? Int(min(Self.markerDistance / spacing, Double(places.count)).rounded(.up)) : 1
        // Each line has its markers at other places, so that equal lines don't hide each other's.
        let shift = index * max(1, stride / 3) % stride
        for (place, point) in places.enumerated() {
            let behind = places.count - 1 - place
            guard behind == 0 || behind % stride == shift && behind > stride / 2 else { continue }
            look.marker.draw(at: point, radius: Self.markerRadius, look.color, on: canvas)
        }
    }

    private func drawLabels(_ frame: ChartFrame, _ looks: [LineLook], on canvas: Canvas) {
        let labels = frame.labels
        for label in labels.entries {
            let style = LineLabels.style(isEmphasised: label.line.map { lines[$0].isEmphasised } ?? false)
            canvas.line(
                label.text, at: Point(labels.x + labels.markerRoom, label.center), anchor: .left,
                limit: labels.width - labels.markerRoom, style: style)
            guard labels.isDetached, let index = label.line, let end = lines[index].measured.last else { continue }
            let look = looks[index]
            // To the right edge first, so that the leader is not taken for the line's course.
            let start = Point(frame.x(end.x) + Self.markerRadius + 1, frame.endY(end.y))
            let leader = [start, Point(frame.plot.maxX, start.y), Point(labels.x - 3, label.center)]
            canvas.stroke(.polyline(leader), look.color.opacity(0.8), width: 1.1, dash: [0.1, 2.8])
            look.marker.draw(at: Point(labels.x + 4, label.center), radius: Self.markerRadius, look.color, on: canvas)
        }
    }
}
