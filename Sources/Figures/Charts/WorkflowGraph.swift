import Algorithms
import Basics
import Drawing

/// The nodes of a workflow with their states: a column for each stage, left to right, and arrows to what each feeds.
///
/// An arrow that others imply, such as one from the first stage to the third, is left out; the data has all.
public struct WorkflowGraph: Figure {
    /// One node.
    public struct Node: Sendable, Equatable {
        /// A unique name, such as `train lite0 seed 1 fold 0`.
        public let name: String
        public let stage: String
        /// A short name within the stage.
        public let title: String
        public let state: WorkflowState
        /// How long its work took; nil without a result.
        public let seconds: Double?
        /// The names of the nodes that it reads from.
        public let upstream: [String]

        /// Describes a node.
        public init(
            name: String, stage: String, title: String, state: WorkflowState, seconds: Double?, upstream: [String]
        ) {
            self.name = name
            self.stage = stage
            self.title = title
            self.state = state
            self.seconds = seconds
            self.upstream = upstream
        }

        /// State and time; a fresh node has its badge for the state.
        var detail: String {
            let time = seconds.map(NumberText.duration(seconds:))
            return ([state == .fresh && time != nil ? nil : state.rawValue, time] as [String?])
                .compactMap(\.self).joined(separator: ", ")
        }

        var data: JSONValue {
            [
                "name": .string(name), "stage": .string(stage), "state": .string(state.rawValue),
                "seconds": seconds.map(JSONValue.number) ?? .null, "upstream": .array(upstream.map { .string($0) }),
            ]
        }
    }

    public let nodes: [Node]

    /// Creates a drawing of a workflow.
    ///
    /// - Parameter nodes: Upstream first.
    public init(nodes: [Node]) { self.nodes = nodes }

    public var data: JSONValue { ["kind": "workflow", "nodes": .array(nodes.map(\.data))] }

    /// The stages in the order of their first appearance.
    var stages: [String] { Array(nodes.map(\.stage).uniqued()) }

    /// The states that occur.
    var states: [WorkflowState] { WorkflowState.allCases.filter { state in nodes.contains { $0.state == state } } }

    public var alternativeText: String {
        guard !nodes.isEmpty else { return "A workflow without nodes." }
        let counts = states.map { state in "\(nodes.count { $0.state == state }) \(state.rawValue)" }
        let unsettled = nodes.filter { $0.state != .fresh }
        let names = unsettled.prefix(4).map(\.name) + (unsettled.count > 4 ? ["\(unsettled.count - 4) more"] : [])
        return "The workflow from left to right: \(stages.joined(separator: ", ")). "
            + "\(NumberText.counted(nodes.count, "node", "nodes")): \(counts.joined(separator: ", "))."
            + (unsettled.isEmpty ? "" : " Not fresh: \(names.joined(separator: ", ")).")
    }

    /// The pairs of nodes, by position, with an arrow from the first to the second, without those that others imply.
    ///
    /// - Complexity: O(nodes · arrows).
    var arrows: [(from: Int, to: Int)] {
        let places = Dictionary(nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let upstream = nodes.enumerated().map { index, node in
            node.upstream.compactMap { places[$0] }.filter { $0 < index }
        }
        var ancestors: [Set<Int>] = []
        for own in upstream { ancestors.append(own.reduce(into: Set(own)) { $0.formUnion(ancestors[$1]) }) }
        return upstream.enumerated().flatMap { index, own in
            own.filter { place in !own.contains { ancestors[$0].contains(place) } }.map { ($0, index) }
        }
    }
}

/// The state of a node.
public enum WorkflowState: String, Sendable, CaseIterable {
    case fresh, stale, missing, partial, failed, blocked
}

/// States differ by the sign of the badge and the strokes of the frame, not by colour alone.
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

    /// Draws the sign: a tick, a clock and a cross as on photographs, or one of its own.
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

extension WorkflowGraph {
    private static let legendHeight = 34.0
    private static let legendPitch = 84.0
    private static let leastWidth = 320.0

    public var size: Size {
        get throws {
            var size = Size(Self.leastWidth, 40)
            // Titles determine the width; they are measured on a scratch canvas.
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
            // The line ends inside the arrowhead, whose tip it would blunt.
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

/// The layout of a workflow's boxes and arrows.
///
/// Source: layers with places reserved for passing arrows (Sugiyama, Tagawa, Toda, 1981), each item near the mean of
/// its sources.
struct WorkflowLayout {
    /// A column of boxes.
    struct Column {
        let title: String
        let x: Double
        let width: Double
    }

    /// An arrow as the points it passes; between two points of equal height it is straight.
    struct Route: Equatable {
        let points: [Point]
    }

    static let boxHeight = 40.0
    static let badgeRoom = 23.0
    static let textRoom = 8.0
    private static let slot = 52.0
    private static let columnGap = 40.0
    private static let margin = 10.0
    private static let headHeight = 24.0
    private static let boxWidths = 76.0...150.0

    static let titleStyle = TextStyle(size: 10, color: Palette.ink)
    static let detailStyle = TextStyle(size: 9, color: Palette.secondaryInk)
    static let headStyle = TextStyle(size: 11, weight: .bold, color: Palette.ink)

    let columns: [Column]
    /// In the order of the nodes.
    let boxes: [Rect]
    let routes: [Route]
    /// The bottom of the lowest slot.
    let bottom: Double

    var width: Double { (columns.last.map { $0.x + $0.width } ?? 0) + Self.margin }

    init(_ graph: WorkflowGraph, on canvas: Canvas) {
        let stages = graph.stages
        let columns = Self.columns(graph, stages, on: canvas)
        var items = Self.items(graph, stages)
        let slots = (0..<stages.count).map { column in items.count { $0.column == column } }.max() ?? 0
        let top = Self.margin + Self.headHeight
        let bottom = top + Double(slots) * Self.slot
        for column in stages.indices {
            let own = items.indices.filter { items[$0].column == column }
            let wanted = own.map { index in
                let sources = items[index].sources.map { items[$0].y }
                return sources.isEmpty ? (top + bottom) / 2 : sources.reduce(0, +) / Double(sources.count)
            }
            let centers = LabelLayout.centers(wanted: wanted, height: Self.slot, in: top...max(top, bottom))
            for (index, center) in zip(own, centers) { items[index].y = center }
        }
        boxes = items.prefix(graph.nodes.count).map { item in
            let column = columns[item.column]
            return Rect(x: column.x, y: item.y - Self.boxHeight / 2, width: column.width, height: Self.boxHeight)
        }
        routes = items.indices.filter { items[$0].isNode }.flatMap { target in
            items[target].sources.flatMap { Self.paths(from: $0, items, columns) }.map { points in
                Route(points: points + [Point(columns[items[target].column].x, items[target].y)])
            }
        }
        self.columns = columns
        self.bottom = bottom
    }

    private static func columns(_ graph: WorkflowGraph, _ stages: [String], on canvas: Canvas) -> [Column] {
        var x = margin
        return stages.map { stage in
            let widest =
                graph.nodes.filter { $0.stage == stage }.flatMap { node in
                    [
                        canvas.size(of: node.title.onOneLine, style: titleStyle).width,
                        canvas.size(of: node.detail, style: detailStyle).width,
                    ]
                }.max() ?? 0
            let wanted = badgeRoom + widest + textRoom + 1
            let width = min(max(wanted, boxWidths.lowerBound), boxWidths.upperBound).rounded(.up)
            defer { x += width + columnGap }
            return Column(title: stage, x: x, width: width)
        }
    }

    // MARK: Items

    /// A node, or the place in a column where arrows to one node pass.
    private struct Item {
        let column: Int
        let isNode: Bool
        var sources: [Int] = []
        var y = 0.0
    }

    /// The nodes, then the places of passing arrows; arrows to the same node share one place per column.
    private static func items(_ graph: WorkflowGraph, _ stages: [String]) -> [Item] {
        let numbers = Dictionary(stages.enumerated().map { ($1, $0) }) { first, _ in first }
        var items = graph.nodes.map { Item(column: numbers[$0.stage] ?? 0, isNode: true) }
        for (target, arrows) in Dictionary(grouping: graph.arrows, by: \.to).sorted(by: { $0.key < $1.key }) {
            var lanes: [Int: Int] = [:]
            /// The item that leads into `target`'s bundle at a column; created if missing.
            func lane(_ column: Int) -> Int {
                guard column < items[target].column else { return target }
                if let known = lanes[column] { return known }
                let next = lane(column + 1)
                items.append(Item(column: column, isNode: false))
                lanes[column] = items.count - 1
                items[next].sources.append(items.count - 1)
                return items.count - 1
            }
            for arrow in arrows.sorted(by: { $0.from < $1.from }) {
                items[lane(items[arrow.from].column + 1)].sources.append(arrow.from)
            }
        }
        return items
    }

    /// The paths from the nodes before an item to the item's right side.
    private static func paths(from index: Int, _ items: [Item], _ columns: [Column]) -> [[Point]] {
        let item = items[index], column = columns[item.column]
        let exit = Point(column.x + column.width, item.y)
        if item.isNode { return [[exit]] }
        let before = item.sources.flatMap { paths(from: $0, items, columns) }
        return before.map { $0 + [Point(column.x, item.y), exit] }
    }
}
