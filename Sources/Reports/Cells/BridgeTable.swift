import Basics
import Evaluation

/// `bridge-table`: queries across views plainly and by the bridge, and whether it helps.
struct BridgeTable: Verb {
    let name = "bridge-table"
    let stages = ["evaluate"]

    private static let parts =
        BridgeRow.Direction.allCases.map { (title: $0.rawValue, path: $0.rawValue, isTotal: false) }
        + [(title: "both", path: "both", isTotal: true)]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let bridge = evaluation.json["bridge"] ?? BridgeEffect.off.json
        let values = ["verdict": bridge["verdict"] ?? .null]
        let sentence = bridge["sentence"]?.string ?? "–"
        let rows = Self.parts.compactMap { part in
            bridge[part.path].flatMap { $0["queries"]?.double == nil ? nil : Self.row(part.title, part.isTotal, $0) }
        }
        guard !rows.isEmpty else { return CellContent(values: values, notes: [sentence]) }
        let metric = evaluation.metric
        let numbers = ["Queries", "\(metric), plain", "\(metric), bridge", "Change", "95% interval by animal"]
        return CellContent(
            parts: [
                .table(
                    Table(
                        columns: [.init("Views")] + numbers.map { .init($0, .right) } + [.init("Whether it helps")],
                        rows: rows))
            ],
            values: values, notes: [sentence],
            contract: "\(metric) of each query asked of the database photographs of the other view alone. Plain is "
                + "the cosine, without query extension. What follows ± is the standard deviation over seeds. The "
                + "interval is of each query's change, by resampling animals. It helps where the whole interval is "
                + "above 0 and the mean change exceeds its standard deviation, does not where both lie the other way; "
                + "else it cannot be told. No photograph of the test trained the bridge; options chosen by this table "
                + "would be chosen on the test."
        )
    }

    private static func row(_ title: String, _ isTotal: Bool, _ part: JSONValue) -> [Table.Cell] {
        func spread(_ name: String, _ text: (Double, Int) -> String) -> Table.Cell {
            let deviation = part[name]?["deviation"]?.double.map { NumberText.deviation($0, 4) } ?? ""
            return .text(part[name]?["mean"]?.double.map { text($0, 4) + deviation } ?? "–")
        }
        let ends = part[path: "difference.interval"]?.numbers?.map { NumberText.signed($0, 4) }
        return [
            isTotal ? .strong(title) : .text(title),
            .text(part["queries"]?.double.map(NumberText.thousands) ?? "–"),
            spread("plain", NumberText.fixed), spread("bridged", NumberText.fixed),
            spread("difference", NumberText.signed), .text(ends.map { $0.joined(separator: " to ") } ?? "–"),
            .text(part["verdict"]?.string ?? "–"),
        ]
    }
}
