import Drawing

extension LineChart {
    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let layout = LineChartLayout(self, on: canvas)
        let frame = layout.frame
        frame.drawVerticalAxis(on: canvas)
        frame.drawHorizontalAxis(on: canvas)
        ChartFrame.drawTitles(horizontal, vertical, besides: frame.plot, in: size, on: canvas)
        let looks = LineLook.looks(of: lines)
        // What is emphasised lies above the others.
        let order = lines.indices.sorted { (lines[$0].isEmphasised ? 1 : 0, $0) < (lines[$1].isEmphasised ? 1 : 0, $1) }
        canvas.saved {
            canvas.clip(to: .rectangle(frame.plot.inset(by: -Self.markerRadius * 2)))
            for index in order { drawBand(lines[index], looks[index], frame, on: canvas) }
            for index in order { draw(lines[index], index, looks[index], frame, on: canvas) }
        }
        drawLabels(layout, looks, on: canvas)
        if lines.allSatisfy(\.measured.isEmpty) {
            canvas.line(
                "no values", at: frame.plot.center, anchor: .center, limit: frame.plot.width,
                style: ChartFrame.absence)
        }
    }

    private static let markerRadius = 3.2
    /// Markers of one line stand at least so far apart.
    private static let markerDistance = 22.0

    /// Fills what lies between a line's ends of intervals, once for each unbroken stretch; one interval alone is a stroke.
    private func drawBand(_ line: Line, _ look: LineLook, _ frame: ChartFrame, on canvas: Canvas) {
        for stretch in line.bandStretches {
            if stretch.count == 1 {
                let ends = [stretch[0].range.lowerBound, stretch[0].range.upperBound]
                canvas.stroke(
                    .polyline(ends.map { Point(frame.x(stretch[0].x), frame.y($0)) }), look.color.opacity(0.4),
                    width: 3)
                continue
            }
            let upper = stretch.map { Point(frame.x($0.x), frame.y($0.range.upperBound)) }
            let lower = stretch.reversed().map { Point(frame.x($0.x), frame.y($0.range.lowerBound)) }
            canvas.fill(.polyline(upper + lower, closed: true), look.color.opacity(0.16))
        }
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

    private func drawLabels(_ layout: LineChartLayout, _ looks: [LineLook], on canvas: Canvas) {
        let (frame, labels) = (layout.frame, layout.labels)
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
