import Basics
import Evaluation
import Results

/// `compare.…` in addition to the comparison itself.
struct CompareValues: Codable {
    /// Which runs are compared, each with what distinguishes it and the reason for the earlier one, if it was recorded: `Run
    /// 2 (42 epochs) against run 1 (21 epochs; reason: a short baseline)`.
    let subtitle: String
    /// That the run to use is not shown to beat no training, or is worse; nil if it is better, or that is not known.
    @OrNull private(set) var reservation: String?
    /// That the earlier run scores below the same method without training; nil if it does not, or that is not known.
    @OrNull private(set) var earlier: String?

    init(_ runs: ReportComparison, _ artefacts: Artefacts) throws {
        func name(_ run: ComparisonSummary.Run, _ words: String?, _ reason: String? = nil) -> String {
            let parts = [words, reason.map { "reason: \(artefacts.inputs.paths.shortened($0))" }].compactMap(\.self)
            return "run \(run.number)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))")
        }
        func effect(_ run: ReportComparison.Run) throws -> TrainingEffect? {
            try run.nodes.first { $0.stage == .evaluate }
                .flatMap { try artefacts.readIfPresent(EvaluateFiles.evaluation, of: $0) }?.training
        }
        let entry = runs.new.entry.flatMap { $0.parent == runs.result.old.number ? $0 : nil }
        let words = (entry?.changes ?? []).compactMap(OptionWords.values)
        let (old, new) = words.count == 1 ? (words[0].old, words[0].new) : (nil, nil)
        subtitle =
            "\(name(runs.result.new, new).capitalisingFirst) against "
            + name(runs.result.old, old, runs.result.old.reason)
        let isBetter = runs.result.verdict == .better
        let used = runs.result.verdict == .undecided ? nil : try effect(isBetter ? runs.new : runs.old)
        let number = (isBetter ? runs.result.new : runs.result.old).number
        reservation = used.flatMap { effect in
            switch effect.verdict {
            case .better: nil
            case .worse: "But run \(number) is worse than no training."
            case .undecided: "But run \(number) is not shown to beat no training."
            }
        }
        earlier = try effect(runs.old).flatMap { effect -> String? in
            guard effect.with < effect.without else { return nil }
            return "Run \(runs.result.old.number) scored below the same method without training "
                + "(\(NumberText.fixed(effect.with, 3)) against \(NumberText.fixed(effect.without, 3)))."
        }
    }
}
