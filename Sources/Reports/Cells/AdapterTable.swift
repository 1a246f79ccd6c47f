import Basics
import Evaluation
import Results

struct AdapterTable: CellKind {
    static let name = "bridge-table"
    static let summary = """
        Queries across views, with and without the bridge, and whether it helps; nothing if the bridge is off and the \
        cell has no label.
        """
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let bridge = evaluation.result.bridge ?? .off
        let values: [String: JSONValue] = ["verdict": .string(bridge.verdict.rawValue)]
        let sentence = bridge.sentence
        let rows =
            AdapterRow.Direction.allCases.compactMap { direction in
                bridge.directions[direction].map { Self.row(.text(direction.rawValue), $0) }
            } + [bridge.both.map { Self.row(.strong("both"), $0) }].compactMap(\.self)
        if bridge == .off, context.cell.options.label == nil { return CellContent(values: values) }
        guard !rows.isEmpty else { return CellContent(values: values, notes: [sentence]) }
        let metric = evaluation.metric
        let numbers = ["Queries", "\(metric), plain", "\(metric), bridge", "Change", "95% interval by animal"]
        return CellContent(
            parts: [
                .table(
                    Table(
                        columns: [.init("Views")] + numbers.map { .init($0, .right) } + [.init("Does it help?")],
                        rows: rows))
            ],
            values: values, notes: [sentence],
            contract: "\(metric) of each query against only the database photographs of the other view. Plain is the "
                + "cosine, without query extension; ± is the standard deviation over seeds. The interval is of the "
                + "mean change, by resampling animals. The bridge helps if the whole interval is above 0 and the mean "
                + "change exceeds its standard deviation. It does not help if no part of the interval is above 0 and "
                + "the mean falls by at least that deviation. Otherwise it cannot be told. No test photograph trained "
                + "the bridge; choosing options by this table would be choosing on the test."
        )
    }

    private static func row(_ title: Table.Cell, _ part: AdapterEffect.Part) -> [Table.Cell] {
        func text(_ mean: String, _ spread: Spread) -> Table.Cell {
            .text(mean + (spread.deviation.map { NumberText.deviation($0, 3) } ?? ""))
        }
        let (plain, bridged) = (part.plain.mean, part.bridged.mean)
        let ends = part.interval.map { NumberText.changeInterval($0, 3) }
        return [
            title, .text(NumberText.thousands(Double(part.queries))), text(NumberText.fixed(plain, 3), part.plain),
            text(NumberText.fixed(bridged, 3), part.bridged),
            text(NumberText.change(from: plain, to: bridged, 3), part.difference), .text(ends ?? "–"),
            .text(part.verdict.rawValue),
        ]
    }
}
