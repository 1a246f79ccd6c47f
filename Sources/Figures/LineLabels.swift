import Drawing

/// The names of lines in a column at the right of a chart.
struct LineLabels {
    /// One name with the centre of its height.
    struct Entry: Equatable {
        let text: String
        let center: Double
        /// The position of the line; nil for what stands for several.
        let line: Int?
    }

    /// Where the column begins.
    let x: Double
    let width: Double
    /// Room at the left of the column for the lines that lead to it.
    let leaderRoom: Double
    /// What the marker before each name takes.
    let markerRoom: Double
    /// Whether names stand away from their lines, and need marker and leader to be traced to them.
    let isDetached: Bool
    let entries: [Entry]

    /// The share of a figure that names may take before they are cut.
    private static let largestShare = 0.28
    private static let margin = 6.0

    static func style(isEmphasised: Bool) -> TextStyle {
        TextStyle(size: 10.5, weight: isEmphasised ? .bold : .regular, color: Palette.ink)
    }

    /// Lays the names out.
    ///
    /// - Parameters:
    ///   - ends: The height of each line's right end; nil for a line without points.
    ///   - column: The room from top to bottom. Names that it cannot hold are counted in the last place.
    init(
        _ lines: [LineChart.Line], ends: [Double?], in column: ClosedRange<Double>, figureWidth: Double,
        on canvas: Canvas
    ) {
        let sizes = lines.map { canvas.size(of: $0.name.onOneLine, style: Self.style(isEmphasised: $0.isEmphasised)) }
        let rowHeight = (sizes.map(\.height).max() ?? 12) + 1.5
        let capacity = max(1, Int((column.upperBound - column.lowerBound) / rowHeight))
        // Where not all fit, what is emphasised goes first.
        var shown = lines.indices.filter { ends[$0] != nil }
            .sorted { (lines[$0].isEmphasised ? 0 : 1, $0) < (lines[$1].isEmphasised ? 0 : 1, $1) }
        let rest = shown.count > capacity ? shown.count - capacity + 1 : 0
        shown.removeLast(rest)

        var wanted = shown.map { ends[$0] ?? 0 }
        if rest > 0 { wanted.append(column.upperBound) }
        let centers = LabelLayout.centers(wanted: wanted, height: rowHeight, in: column)
        entries =
            zip(shown, centers).map { Entry(text: lines[$0].name, center: $1, line: $0) }
            + (rest > 0 ? [Entry(text: "and \(rest) more", center: centers[shown.count], line: nil)] : [])

        let isMoved = zip(wanted, centers).contains { abs($0 - $1) > 1 }
        let endsDiffer = Set(shown.compactMap { lines[$0].measured.last?.x }).count > 1
        isDetached = isMoved || endsDiffer
        leaderRoom = isDetached ? 20 : 0
        markerRoom = isDetached ? 13 : 0
        let widest = shown.map { sizes[$0].width }.max() ?? 0
        width = shown.isEmpty ? 0 : min(markerRoom + widest + 1, figureWidth * Self.largestShare)
        x = figureWidth - Self.margin - width
    }
}
