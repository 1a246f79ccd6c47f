import Basics
import Figures

/// `reliability-curve`: the probability of a new animal that was said, and the share that is new in truth.
struct ReliabilityCurve: Verb {
    let name = "reliability-curve"
    let stages = ["evaluate"]

    func content(_ context: CellContext) throws -> CellContent {
        let calibration = try context.artefacts.calibration(context.nodes("evaluate")[0])
        var content = CellContent()
        guard let told = calibration[path: "test.reliability"]?.array else {
            let reason = calibration["reason"]?.string.map { ": \($0)" } ?? ""
            content.notes.append("Nothing was calibrated\(reason).")
            return content
        }
        let bins = told.compactMap(Self.bin)
        let chart = ReliabilityChart(
            horizontal: "Probability of a new animal", vertical: "Share that is new", counted: "Questions", bins: bins,
            size: context.cell.options.figureSize(width: 6, height: 4.75))
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: Self.table(bins)))]
        content.values = ["questions": calibration[path: "test.questions"] ?? .null]
        let words = calibration["contract"]?.object ?? [:]
        content.contract = ["questions", "fit", "test", "reliability"].compactMap { words[$0]?.string }
            .map { $0.capitalisingFirst + "." }.joined(separator: " ")
        return content
    }

    /// Nil where nothing was asked.
    private static func bin(_ json: JSONValue) -> ReliabilityChart.Bin? {
        guard let from = json["from"]?.double, let to = json["to"]?.double, from < to,
            let said = json["probability"]?.double, let share = json["share"]?.double,
            let count = json["count"]?.integer, count > 0
        else { return nil }
        return ReliabilityChart.Bin(
            range: from..<to, said: said, share: share, interval: json["interval"]?.interval, count: count)
    }

    private static func table(_ bins: [ReliabilityChart.Bin]) -> Table {
        Table(
            columns: ["Probability", "Questions", "Said on average", "New in truth", "95% interval"]
                .map { .init($0, .right) },
            rows: bins.map { bin in
                let ends = [bin.range.lowerBound, bin.range.upperBound].map { NumberText.fixed($0, 1) }
                let interval = bin.interval.map {
                    "\(NumberText.percent($0.lowerBound)) to \(NumberText.percent($0.upperBound))"
                }
                let texts = [
                    ends.joined(separator: " to "), NumberText.thousands(Double(bin.count)),
                    NumberText.percent(bin.said), NumberText.percent(bin.share), interval ?? "–",
                ]
                return texts.map { .text($0) }
            })
    }
}
