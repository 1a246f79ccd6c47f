import Basics
import Evaluation
import Results

/// `compare.…` in addition to the comparison itself.
struct CompareValues: Codable {
    /// Which runs are compared, each with what distinguishes it: `Run 2 (42 epochs) against run 1 (21 epochs)`.
    let subtitle: String
    /// That the earlier run scores below the same method without training; nil if it does not, or that is not known.
    @OrNull private(set) var earlier: String?

    init(_ runs: ReportComparison, _ artefacts: Artefacts) throws {
        func name(_ run: ComparisonSummary.Run, _ words: String?) -> String {
            "run \(run.number)" + (words.map { " (\($0))" } ?? "")
        }
        let entry = runs.new.entry.flatMap { $0.parent == runs.result.old.number ? $0 : nil }
        let words = (entry?.changes ?? []).compactMap(OptionWords.values)
        let (old, new) = words.count == 1 ? (words[0].old, words[0].new) : (nil, nil)
        subtitle = "\(name(runs.result.new, new).capitalisingFirst) against \(name(runs.result.old, old))"
        let evaluation = try runs.old.nodes.first { $0.stage == .evaluate }
            .flatMap { try artefacts.readIfPresent(EvaluateFiles.evaluation, of: $0) }
        earlier = evaluation?.training.flatMap { effect -> String? in
            guard effect.with < effect.without else { return nil }
            return "Run \(runs.result.old.number) scored below the same method without training "
                + "(\(NumberText.fixed(effect.with, 3)) against \(NumberText.fixed(effect.without, 3)))."
        }
    }
}
