import Basics
import Evaluation

/// More trainings with other seeds, which show whether a change depends on the seed.
struct SeedTrial {
    /// What is open, and how to settle it.
    let text: String
    /// What to type; nil if the earlier configuration does not follow from the later one by values of options.
    let commands: [String]?

    /// The number of seeds to add to the run that has more.
    private static let moreSeeds = 2

    /// Nil if there is a verdict that rests on several seeds, or nothing changed.
    init?(_ comparison: Comparison, _ old: RunEntry, _ new: RunEntry, _ changes: [RunEntry.Change]) {
        guard comparison.wins + comparison.losses > 0,
            comparison.verdict == .undecided || comparison.seedsOverlap == nil
        else { return nil }
        let known = max(comparison.oldSeeds.count, comparison.newSeeds.count, 1)
        let first = (old.seeds + new.seeds).min() ?? 1
        let seeds = (0..<known + Self.moreSeeds).map { String(first + $0) }.joined(separator: ", ")
        commands = Self.commands(old, new, changes, seeds: seeds)
        let question =
            comparison.seedsOverlap == nil
            ? "a second training repeats the \(comparison.noun)" : "the \(comparison.noun) remains with more seeds"
        let times = [(old, comparison.oldSeeds), (new, comparison.newSeeds)].compactMap { run, seeds in
            run.secondsOfSeed.map { $0 * Double(known + Self.moreSeeds - seeds.count) }
        }
        let minutes = NumberText.thousands(max(1, (times.reduce(0, +) / 60).rounded()))
        let cost = times.count < 2 ? "" : " (about \(minutes) min by the recorded times)"
        let way =
            commands == nil
            ? "Set 'seeds: [\(seeds)]' in the configuration of each, run the older one first, and compare again."
            : "With the configuration of run \(new.number) in whalebook.yaml, type:"
        text = "To learn whether \(question), train both with the seeds \(seeds)\(cost). \(way)"
    }

    private static func commands(
        _ old: RunEntry, _ new: RunEntry, _ changes: [RunEntry.Change], seeds: String
    ) -> [String]? {
        // Another kind has other options, and an import is not an option.
        let others = changes.filter { $0.name != "seeds" && !$0.name.hasPrefix("seeds.") }
        let isSimple = others.allSatisfy {
            $0.old != nil && $0.new != nil && !$0.name.hasSuffix("kind") && !$0.name.hasPrefix("import of ")
        }
        guard isSimple, !new.isVariant else { return nil }
        let earlier = others.map { change in
            let value = change.old.map { $0.string ?? $0.canonicalText } ?? ""
            return "--set \(shellWord("\(change.name)=\(value)"))"
        }
        let tags = (old: "run-\(old.number)-seeds", new: "run-\(new.number)-seeds")
        let all = "--set \(shellWord("seeds=[\(seeds)]"))"
        return [
            (["whalebook run", all] + earlier + ["--tag \(tags.old)"]).joined(separator: " "),
            "whalebook run \(all) --tag \(tags.new)",
            "whalebook compare \(tags.old) \(tags.new)",
        ]
    }

    /// A word as a shell reads it.
    private static func shellWord(_ text: String) -> String {
        text.wholeMatch(of: #/[A-Za-z0-9_.,=\/+:-]+/#) != nil
            ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}

extension Comparison {
    /// What the change is called; a loss would be that of a training.
    var noun: String { difference == 0 ? "change" : difference > 0 ? "gain" : "drop" }

    /// Which runs have one seed, if any has.
    var singleSeeds: String {
        max(oldSeeds.count, newSeeds.count) > 1 ? "one run has a single seed" : "each run has one seed"
    }
}

extension RunEntry {
    /// The seeds of its trainings.
    fileprivate var seeds: [Int] { nodes.filter { $0.stage == .train }.compactMap(\.seed) }

    /// How long the trainings of one seed took, in s; nil without a training.
    fileprivate var secondsOfSeed: Double? {
        let trainings = nodes.filter { $0.stage == .train && $0.imported == nil }
        let seeds = Set(trainings.map(\.seed)).count
        return seeds > 0 ? trainings.reduce(0) { $0 + $1.seconds } / Double(seeds) : nil
    }
}
