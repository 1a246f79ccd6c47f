import Basics
import Evaluation
import Results

extension RunComparison {
    /// What other programs read, and documents by `compare.…`.
    public var summary: ComparisonSummary {
        ComparisonSummary(
            comparison, fallenOut: fallenOut, old: old, new: new, changes: new.changes(since: old).map(\.text))
    }

    /// Lines for people.
    public var text: String {
        let interval = comparison.interval.map {
            ", 95% interval by animal \(NumberText.signed($0.lowerBound, 4)) to \(NumberText.signed($0.upperBound, 4))"
        }
        var lines = [
            "\(comparison.verdict.rawValue): mAP@20 \(NumberText.signed(comparison.difference, 4))\(interval ?? "")",
            "  \(summary.why)",
            "  old  \(describe(old))", "  new  \(describe(new))",
            """
              queries  \(comparison.pairs.count) compared: \(comparison.wins) won, \(comparison.losses) lost, \
            \(comparison.ties) as before
            """,
        ]
        if fallenOut > 0 { lines.append("  fell out  \(fallenOut) queries that only one run has") }
        lines += list("fixed", comparison.fixed) + list("broken", comparison.broken)
        lines.append("  still failing  \(comparison.stillFailing.count)")
        return lines.visibleLines
    }

    private func describe(_ entry: RunEntry) -> String {
        let map = entry.map.map { "mAP@20 \(NumberText.fixed($0, 4))" } ?? ""
        let tag = entry.tags.isEmpty ? "" : " (\(entry.tags.joined(separator: ", ")))"
        return "run \(entry.number)\(tag), \(entry.startedAt), \(map)"
    }

    private func list(_ title: String, _ pairs: [Comparison.Pair]) -> [String] {
        let shown = pairs.prefix(10).map { pair in
            let change = [pair.old, pair.new].map { NumberText.fixed($0.averagePrecision, 3) }.joined(separator: " -> ")
            return "    \(pair.old.id) (\(pair.old.whaleID)): \(change)"
        }
        return ["  \(title)  \(pairs.count)"] + shown + (pairs.count > 10 ? ["    …"] : [])
    }
}
