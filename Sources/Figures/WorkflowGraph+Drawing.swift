import Drawing

extension WorkflowGraph {
    private static let legendHeight = 34.0
    private static let legendPitch = 84.0
    private static let leastWidth = 320.0

    public var size: Size {
        get throws {
            var size = Size(Self.leastWidth, 40)
            // Titles decide on the width and are measured on a canvas of no consequence.
            _ = try Canvas.raster(width: 1, height: 1) { canvas in
                guard !nodes.isEmpty else { return }
                let layout = WorkflowLayout(self, on: canvas)
                let width = max(Self.leastWidth, layout.width, 20 + Self.legendPitch * Double(states.count))
                size = Size(width, layout.bottom + Self.legendHeight)
            }
            return size
        }
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        guard !nodes.isEmpty else {
            canvas.line("no nodes to show", at: Point(10, 20), anchor: .left, style: WorkflowLayout.detailStyle)
            return
        }
        let layout = WorkflowLayout(self, on: canvas)
        for column in layout.columns {
            canvas.line(
                column.title, at: Point(column.x + column.width / 2, 10), anchor: .top,
                limit: column.width, style: WorkflowLayout.headStyle)
        }
        for route in layout.routes { draw(route, on: canvas) }
        for (node, box) in zip(nodes, layout.boxes) { draw(node, in: box, on: canvas) }
        drawLegend(y: layout.bottom + Self.legendHeight / 2, on: canvas)
    }

    private static let arrowLength = 7.0

    private func draw(_ route: WorkflowLayout.Route, on canvas: Canvas) {
        guard let first = route.points.first, let end = route.points.last else { return }
        var path = Path()
        path.move(to: first)
        var last = first
        for (index, point) in route.points.enumerated().dropFirst() {
            // The line ends within the head of the arrow, whose tip it would blunt.
            let isEnd = index == route.points.count - 1
            let target = isEnd ? Point(point.x - Self.arrowLength + 1, point.y) : point
            if last.y == target.y {
                path.line(to: target)
            } else {
                let reach = (target.x - last.x) / 2
                path.curve(
                    to: target, control: Point(last.x + reach, last.y), Point(target.x - reach, target.y))
            }
            last = target
        }
        canvas.stroke(path, Palette.reference, width: 1.1)
        let back = end.x - Self.arrowLength
        canvas.fill(
            .polyline([end, Point(back, end.y - 3.4), Point(back, end.y + 3.4)], closed: true), Palette.reference)
    }

    private func draw(_ node: Node, in box: Rect, on canvas: Canvas) {
        node.state.drawFrame(box, on: canvas)
        node.state.drawBadge(at: Point(box.x + 13, box.center.y), on: canvas)
        let x = box.x + WorkflowLayout.badgeRoom + 2
        let limit = box.maxX - WorkflowLayout.textRoom + 2 - x
        canvas.line(
            node.title, at: Point(x, box.center.y - 1), anchor: .bottomLeft, limit: limit,
            style: WorkflowLayout.titleStyle)
        canvas.line(
            node.detail, at: Point(x, box.center.y + 1), anchor: .topLeft, limit: limit,
            style: WorkflowLayout.detailStyle)
    }

    private func drawLegend(y: Double, on canvas: Canvas) {
        for (index, state) in states.enumerated() {
            let x = 10 + Double(index) * Self.legendPitch
            state.drawBadge(at: Point(x + 10, y), on: canvas)
            canvas.line(
                state.rawValue, at: Point(x + 24, y), anchor: .left, style: WorkflowLayout.titleStyle)
        }
    }
}
