import Drawing

/// How a node of a workflow stands.
public enum WorkflowState: String, Sendable, CaseIterable {
    case fresh, stale, missing, partial, failed, blocked
}

/// A state differs from the others by its badge's sign and its frame's strokes, not by colour alone.
extension WorkflowState {
    var color: Color {
        switch self {
        case .fresh: Palette.bluishGreen
        case .stale: Palette.orange
        case .missing: Palette.axis
        case .partial: Palette.blue
        case .failed: Palette.vermilion
        case .blocked: Palette.reddishPurple
        }
    }

    /// Draws the box of a node.
    func drawFrame(_ rect: Rect, on canvas: Canvas) {
        let style =
            switch self {
            case .fresh: StrokeStyle(width: 1.4)
            case .stale: StrokeStyle(width: 2, dash: [0.01, 4])
            case .missing, .partial: StrokeStyle(width: 1.4, cap: .butt, dash: [4, 3])
            case .failed, .blocked: StrokeStyle(width: 2.2, cap: .butt, dash: [8, 4])
            }
        let path = Path.rounded(rect.inset(by: style.width / 2), radius: 6)
        canvas.fill(path, .white)
        canvas.fill(path, color.opacity(0.08))
        canvas.stroke(path, with: .color(color), style)
    }

    /// Draws the sign: a tick, a clock and a cross as photographs have them, else one of its own.
    func drawBadge(at center: Point, on canvas: Canvas) {
        let radius = 7.5
        let ring = Path.circle(center: center, radius: radius - 1)
        switch self {
        case .fresh: PhotographTile.Mark.right.drawBadge(at: center, on: canvas)
        case .stale: PhotographTile.Mark.late.drawBadge(at: center, on: canvas)
        case .failed: PhotographTile.Mark.wrong.drawBadge(at: center, on: canvas)
        case .missing:
            canvas.fill(ring, .white)
            canvas.stroke(ring, color, width: 1.6, dash: [2.6, 2.6])
        case .partial:
            canvas.fill(ring, .white)
            var half = Path()
            half.arc(center: center, radius: radius - 1, from: .pi / 2, to: 1.5 * .pi)
            half.close()
            canvas.fill(half, color)
            canvas.stroke(ring, color, width: 1.6)
        case .blocked:
            canvas.fill(.circle(center: center, radius: radius), color)
            let bar = Rect(x: center.x - 4.6, y: center.y - 1.6, width: 9.2, height: 3.2)
            canvas.fill(.rectangle(bar), .white)
        }
    }
}
