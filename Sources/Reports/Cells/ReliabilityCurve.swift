import Basics
import Evaluation
import Figures
import Results

/// `reliability-curve`: the probability of a new animal that was said, and the share that is new in truth.
struct ReliabilityCurve: Verb {
    let name = "reliability-curve"
    let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let novelty = try context.artefacts.read(EvaluateFiles.calibration, of: context.nodes(.evaluate)[0])
        var content = CellContent()
        guard let test = novelty.test else {
            content.notes.append("Nothing was calibrated\(novelty.reason.map { ": \($0)" } ?? "").")
            return content
        }
        let bins = test.bins.filter { $0.count > 0 }.map {
            ReliabilityChart.Bin(
                range: $0.range, said: $0.probability, share: $0.share, interval: $0.interval, count: $0.count)
        }
        let chart = ReliabilityChart(
            horizontal: "Probability of a new animal", vertical: "Share that is new", counted: "Questions", bins: bins,
            size: context.cell.options.figureSize(width: 6, height: 4.75))
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: Self.table(bins)))]
        content.values = ["questions": .number(Double(test.questions))]
        content.contract = ["questions", "fit", "test", "reliability"].compactMap { novelty.contract[$0] }
            .map { $0.capitalisingFirst + "." }.joined(separator: " ")
        return content
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
