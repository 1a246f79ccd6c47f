import Basics
import Evaluation

/// Whether validation ranks marks and networks as the test does.
extension FusionMeasures {
    /// mAP@20 by marks alone and by networks alone over the same queries.
    private struct Pair {
        let marks: Double
        let network: Double

        var networkLeads: Bool { network > marks }
    }

    /// Both parts on the test and on validation; nil without a choice.
    private var pairs: (here: Pair, there: Pair)? {
        guard absence == nil, let here = pair(marks.pooled, network.pooled),
            let network = choices.first(where: { $0.parts == [.network] })?.map,
            let marks = choices.filter({ !$0.parts.contains(.network) }).map(\.map).max()
        else { return nil }
        return (here, Pair(marks: marks, network: network))
    }

    /// Which part leads on validation, and whether it does so on the test; nil without a choice.
    public var validationLead: String? {
        pairs.map { here, there in
            let queries = NumberText.counted(validationQueries, "validation photograph", "validation photographs")
            return
                "On \(queries), \(leader(there)) by mAP@\(AveragePrecision.limit), "
                + "\(there.networkLeads == here.networkLeads ? "as" : "unlike") on the test: "
                + "\(NumberText.fixed(there.network, 3)) by \(networkWords.text) alone and "
                + "\(NumberText.fixed(there.marks, 3)) by marks alone"
                + (there.networkLeads == here.networkLeads
                    ? "."
                    : ", so a choice made on validation may favour \(there.networkLeads ? networkWords.text : "marks").")
        }
    }

    /// The lead on validation, why it differs from that on the test, and what follows; nil without a choice.
    var validationFinding: String? {
        guard let validationLead, let (here, there) = pairs, let both = both.pooled?.map else { return nil }
        let reason = there.networkLeads == here.networkLeads ? nil : reason(there)
        return [validationLead, reason, choice(here, both)].compactMap(\.self).joined(separator: " ")
    }

    private func pair(_ marks: Summary?, _ network: Summary?) -> Pair? {
        guard let marks, let network else { return nil }
        return Pair(marks: marks.map, network: network.map)
    }

    private func leader(_ pair: Pair) -> String {
        pair.networkLeads ? "\(networkWords.text) \(networkWords.verb("leads", "lead"))" : "marks lead"
    }

    /// Why validation ranks them the other way round, if the training photographs of the animals show that.
    private func reason(_ there: Pair) -> String {
        let unknown = "This run does not show why."
        let many = TrainingPhotographs.many
        guard there.networkLeads, let marks = marks.training, let network = network.training, let validationTraining,
            let pooled = self.marks.pooled, let well = pair(marks[many.rawValue], network[many.rawValue]),
            well.networkLeads, let size = marks[many.rawValue]?.answerable
        else { return unknown }
        let shares = (
            there: Double(validationTraining[many.rawValue] ?? 0) / Double(max(1, validationQueries)),
            here: Double(size) / Double(max(1, pooled.answerable))
        )
        guard shares.there > shares.here else { return unknown }
        let others = TrainingPhotographs.allCases.filter { $0 != many }.compactMap { group in
            pair(marks[group.rawValue], network[group.rawValue]).map { pair in
                "with \(group.title), \(leader(pair)) (\(NumberText.fixed(max(pair.network, pair.marks), 3)) against "
                    + "\(NumberText.fixed(min(pair.network, pair.marks), 3)))"
            }
        }
        let rest = others.reversed().map { "; \($0)" }.joined()
        return
            "One reason: \(NumberText.percent(shares.there, 0)) of the validation photographs show an animal with "
            + "\(many.title) training photographs, but only \(NumberText.percent(shares.here, 0)) of the test's queries do. "
            + "With so many, \(leader(well)) on the test, too (\(NumberText.fixed(well.network, 3)) against "
            + "\(NumberText.fixed(well.marks, 3)))\(rest)."
    }

    /// That one part alone puts the correct animal first more often than both together on the test, and whether it does
    /// so on validation; nil if none does.
    private var firstMatches: String? {
        guard let both = both.pooled?.top1, let marks = marks.pooled?.top1, let network = network.pooled?.top1,
            max(marks, network) > both
        else { return nil }
        let isNetwork = network > marks
        let own = choices.filter { $0.parts.contains(.network) == isNetwork && (!isNetwork || $0.parts.count == 1) }
            .max { $0.map < $1.map }?.top1
        let joined = choices.first { $0.parts == parts }?.top1
        let validation = own.flatMap { own in
            joined.map { joined in
                "\(own > joined ? "and" : "but not") on validation "
                    + "(\(NumberText.percent(own, 1)) against \(NumberText.percent(joined, 1)))"
            }
        }
        let subject = "\(isNetwork ? networkWords.text : "marks") alone"
        let verb = isNetwork ? networkWords.verb("puts", "put") : "put"
        return
            "But \(subject) \(verb) the correct animal first more often on the test "
            + "(for \(NumberText.percent(max(marks, network), 1)) of the queries against "
            + "\(NumberText.percent(both, 1)))\(validation.map { " \($0)" } ?? ""). These shares were not tested."
    }

    /// Whether the scores chosen on validation are the best on the test, too.
    private func choice(_ here: Pair, _ both: Double) -> String? {
        let joinsNetwork = parts.contains(.network)
        guard joinsNetwork, parts.count > 1 else {
            return joinsNetwork ? "So validation chose \(networkWords.text) alone." : "So validation chose marks alone."
        }
        let alone = max(here.marks, here.network)
        let metric = "mAP@\(AveragePrecision.limit)"
        let scores = parts.count == 2 ? "both" : "all \(parts.count)"
        let weights = "\(scores) scores have the same weight, which was not tuned"
        return both >= alone
            ? "By \(metric), both together are best in both places, so the choice to join them holds; \(weights)."
                + (firstMatches.map { " \($0)" } ?? "")
            : "Validation chose both together, but on the test \(leader(here)) without "
                + "\(here.networkLeads ? "marks" : networkWords.text): "
                + "\(NumberText.fixed(alone, 3)) against \(NumberText.fixed(both, 3))."
    }
}
