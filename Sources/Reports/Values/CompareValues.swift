import Basics
import Results

/// `compare.…` in addition to the comparison itself.
struct CompareValues: Codable {
    /// Which runs are compared, each with what distinguishes it: `Run 2 (42 epochs) against run 1 (21 epochs)`.
    let subtitle: String

    init(_ runs: ReportComparison) {
        func name(_ run: ComparisonSummary.Run, _ words: String?) -> String {
            "run \(run.number)" + (words.map { " (\($0))" } ?? "")
        }
        let entry = runs.new.entry.flatMap { $0.parent == runs.result.old.number ? $0 : nil }
        let words = (entry?.changes ?? []).compactMap(OptionWords.values)
        let (old, new) = words.count == 1 ? (words[0].old, words[0].new) : (nil, nil)
        subtitle = "\(name(runs.result.new, new).capitalisingFirst) against \(name(runs.result.old, old))"
    }
}
