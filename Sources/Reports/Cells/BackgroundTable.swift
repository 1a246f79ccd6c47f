import Basics
import Evaluation
import Results

struct BackgroundTable: CellKind {
    static let name = "background-table"
    static let summary =
        "Queries ranked by photographs as they are, by the animals alone and by their backgrounds alone."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let effects = evaluation.result.background
        guard let effects, let first = effects.first else {
            return CellContent(notes: ["The background was not checked: \(Self.absence(isOff: effects == nil))."])
        }
        let notes = effects.map { effects.count == 1 ? $0.sentence : "\($0.model): \($0.sentence)" }
        let values: [String: JSONValue] = [
            "finding": .string(first.sentence), "outlined": .number(Double(first.outlined)),
            "boxed": .number(Double(first.boxed)),
        ]
        let rows = effects.flatMap { effect in
            effect.parts.map { Self.row($0, of: effect, names: effects.count > 1) }
        }
        guard !rows.isEmpty else { return CellContent(values: values, notes: notes) }
        let metric = evaluation.metric
        let numbers = ["Queries", "First correct", "95% interval", metric, "Change", "95% interval", "p"]
        return CellContent(
            parts: [
                .table(
                    Table(
                        columns: [.init("The network sees")] + numbers.map { .init($0, .right) }, rows: rows))
            ],
            values: values, notes: notes,
            contract: "Queries and databases have only photographs with an outline or a box: \(first.outlined) and "
                + "\(first.boxed). What is painted out has the mean colour of what remains; its shape still shows. "
                + "With an outline, animal and background are both within the part that the network sees; with only a "
                + "box, the animal is the box, and the background is the whole photograph without it. Queries and "
                + "databases are treated alike and ranked by one model's cosine, without query extension. By chance "
                + "the first is correct for \(NumberText.percent(first.chance)). Intervals are by resampling animals; "
                + "the change is paired by query, and p is from a randomisation test by animal.")
    }

    /// Why there is no model to report on.
    static func absence(isOff: Bool) -> String {
        isOff ? "background.check is off" : "imported embeddings have no network"
    }

    private static func row(
        _ part: BackgroundEffect.Part, of effect: BackgroundEffect, names: Bool
    ) -> [Table.Cell] {
        func ends(_ range: ClosedRange<Double>?, _ write: (Double) -> String) -> Table.Cell {
            .text(range.map { "\(write($0.lowerBound)) to \(write($0.upperBound))" } ?? "–")
        }
        let title =
            switch part.sight {
            case .everything: "the photograph"
            case .animal: "only the animal"
            case .background: "only the background"
            }
        let summary = part.summary
        let change = NumberText.change(from: effect.part(.everything)?.summary.map ?? .nan, to: summary.map, 4)
        return [
            .text(names ? "\(effect.model): \(title)" : title),
            .text(NumberText.thousands(Double(summary.answerable))), .text(NumberText.percent(summary.top1)),
            ends(summary.intervals[.top1]) { NumberText.percent($0) }, .text(NumberText.fixed(summary.map, 4)),
            .text(part.change == nil ? "–" : change),
            ends(part.change?.interval) { NumberText.signed($0, 4) },
            .text(part.change.map { NumberText.fixed($0.probability, 4) } ?? "–"),
        ]
    }
}
