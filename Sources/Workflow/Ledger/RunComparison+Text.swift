import Basics
import Evaluation

extension RunComparison {
    /// What other programs read, and documents by `compare.…`.
    public var json: JSONValue {
        let queries: ([Comparison.Pair]) -> JSONValue = { pairs in
            .array(
                pairs.map { pair in
                    [
                        "query_id": .string(pair.old.id), "whale_id": .string(pair.old.whaleID),
                        "old": .number(pair.old.averagePrecision), "new": .number(pair.new.averagePrecision),
                    ]
                })
        }
        func run(_ entry: RunEntry, _ seeds: [Double]) -> JSONValue {
            [
                "name": .string(entry.name), "number": .number(Double(entry.number)),
                "map": entry.map.map(JSONValue.number) ?? .null, "started_at": .string(entry.startedAt),
                "seeds": .array(seeds.map { .number($0) }), "reason": entry.reason.map(JSONValue.string) ?? .null,
            ]
        }
        let changes = new.changes(since: old).map { JSONValue.string($0.text) }
        return [
            "verdict": .string(comparison.verdict.rawValue), "difference": .number(comparison.difference),
            "probability": .number(comparison.probability),
            "interval": .interval(comparison.interval),
            "queries": .number(Double(comparison.pairs.count)), "fallen_out": .number(Double(fallenOut)),
            "wins": .number(Double(comparison.wins)), "losses": .number(Double(comparison.losses)),
            "ties": .number(Double(comparison.ties)), "fixed": queries(comparison.fixed),
            "broken": queries(comparison.broken), "still_failing": queries(comparison.stillFailing),
            "seeds_overlap": comparison.seedsOverlap.map(JSONValue.bool) ?? .null, "why": .string(reason),
            "old": run(old, comparison.oldSeeds), "new": run(new, comparison.newSeeds), "changes": .array(changes),
        ]
    }

    /// Why the verdict is what it is, in a sentence.
    public var reason: String {
        let chance =
            "chance alone would bring as large a change with probability "
            + NumberText.fixed(comparison.probability, 4)
        switch comparison.seedsOverlap {
        case true?: return "the scores of the seeds overlap, so the change lies inside their spread"
        case false?: return "the scores of the seeds do not overlap, and \(chance)"
        case nil: return "one seed in at least one run, so the spread between seeds is not known; \(chance)"
        }
    }

    /// Lines for people.
    public var text: String {
        let interval = comparison.interval.map {
            ", 95% interval by animal \(NumberText.signed($0.lowerBound, 4)) to \(NumberText.signed($0.upperBound, 4))"
        }
        var lines = [
            "\(comparison.verdict.rawValue): mAP@20 \(NumberText.signed(comparison.difference, 4))\(interval ?? "")",
            "  \(reason)",
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
