import Basics
import Drawing
import Figures

/// `reliability-curve`: the probability of a new animal that was said, and the share that is new in truth.
struct ReliabilityCurve: Verb {
    let name = "reliability-curve"
    let stages = ["evaluate"]

    func content(_ context: CellContext) throws -> CellContent {
        let calibration = try context.artefacts.calibration(context.nodes("evaluate")[0])
        var content = CellContent()
        guard let bins = calibration[path: "test.reliability"]?.array else {
            let reason = calibration["reason"]?.string.map { ": \($0)" } ?? ""
            content.notes.append("Nothing was calibrated\(reason).")
            return content
        }
        let measured = bins.filter { ($0["count"]?.double ?? 0) > 0 }
        let said = measured.map { Point($0["probability"]?.double ?? .nan, $0["share"]?.double ?? .nan) }
        let size = Size((context.cell.options.figureWidth ?? 6) * 96, (context.cell.options.figureHeight ?? 4) * 96)
        let chart = LineChart(
            horizontal: "Probability of a new animal", vertical: "Share that is new",
            lines: [
                .init(name: "as said", points: [Point(0, 0), Point(1, 1)], isDashed: true),
                .init(name: "test", points: said, isEmphasised: true),
            ], range: 0...1, size: size)
        content.parts = [
            .figure(FigurePart(figure: chart, format: .svg, table: Self.table(measured)))
        ]
        content.values = ["questions": calibration[path: "test.questions"] ?? .null]
        let told = calibration["contract"]?.object ?? [:]
        content.contract = ["questions", "fit", "test"].compactMap { told[$0]?.string }
            .map { $0.capitalisingFirst + "." }.joined(separator: " ")
        return content
    }

    private static func table(_ bins: [JSONValue]) -> Table {
        func share(_ bin: JSONValue, _ key: String) -> Table.Cell {
            .text(bin[key]?.double.map { NumberText.percent($0) } ?? "–")
        }
        return Table(
            columns: [
                .init("Probability", .right), .init("Questions", .right), .init("Said on average", .right),
                .init("New in truth", .right),
            ],
            rows: bins.map { bin in
                let ends = ["from", "to"].map { NumberText.fixed(bin[$0]?.double ?? 0, 1) }
                return [
                    .text(ends.joined(separator: " to ")), .text(bin["count"]?.double.map(NumberText.thousands) ?? "–"),
                    share(bin, "probability"), share(bin, "share"),
                ]
            })
    }
}
