import Drawing

/// Where the boxes and arrows of a workflow stand.
///
/// Source: layers with places kept for arrows that pass through (Sugiyama, Tagawa, Toda, 1981), each item near the mean
/// of what leads to it.
struct WorkflowLayout {
    /// A column of boxes.
    struct Column {
        let title: String
        let x: Double
        let width: Double
    }

    /// An arrow as the points that it passes; between two points of one height it is straight.
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

    /// The nodes, then the places of passing arrows; those to the same node share one in each column.
    private static func items(_ graph: WorkflowGraph, _ stages: [String]) -> [Item] {
        let numbers = Dictionary(stages.enumerated().map { ($1, $0) }) { first, _ in first }
        var items = graph.nodes.map { Item(column: numbers[$0.stage] ?? 0, isNode: true) }
        for (target, arrows) in Dictionary(grouping: graph.arrows, by: \.to).sorted(by: { $0.key < $1.key }) {
            var lanes: [Int: Int] = [:]
            /// The item that leads into `target`'s bundle at a column; it is made where there is none.
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

    /// The ways from the nodes behind an item up to the item's right side.
    private static func paths(from index: Int, _ items: [Item], _ columns: [Column]) -> [[Point]] {
        let item = items[index], column = columns[item.column]
        let exit = Point(column.x + column.width, item.y)
        if item.isNode { return [[exit]] }
        let before = item.sources.flatMap { paths(from: $0, items, columns) }
        return before.map { $0 + [Point(column.x, item.y), exit] }
    }
}
