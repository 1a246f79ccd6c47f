/// What people decided about one pair, undone decisions aside.
public struct Verdicts: Sendable {
    /// Each person's last decision, the oldest first.
    public let latest: [PairDecision]

    /// Takes all decisions about a pair in the order of the file; `undone` has the ids of those that were taken back.
    public init(_ decisions: [PairDecision], undone: Set<String>) {
        var latest: [PairDecision] = []
        for decision in decisions where decision.verdict != .undo && !undone.contains(decision.id) {
            latest.removeAll { $0.reviewer == decision.reviewer }
            latest.append(decision)
        }
        self.latest = latest
    }

    /// Whether one person says that the pair is one animal and another that it is not.
    public var isDisputed: Bool {
        latest.contains { $0.verdict == .same } && latest.contains { $0.verdict == .different || $0.verdict == .new }
    }

    /// What all people agree on; nil if nobody decided, if nobody can tell, and if they disagree.
    public var agreed: PairDecision.Verdict? {
        guard !isDisputed else { return nil }
        let verdicts = Set(latest.map(\.verdict))
        return [.same, .new, .different, .notUsable].first { verdicts.contains($0) }
    }

    /// The decisions of a file, by what they decide, in the order of the first decision about each.
    public static func all(
        _ decisions: [PairDecision]
    ) -> [(subject: PairQuestion.Subject, verdicts: Verdicts)] {
        let undone = Set(decisions.filter { $0.verdict == .undo }.map(\.undoneID))
        var order: [PairQuestion.Subject] = []
        var own: [PairQuestion.Subject: [PairDecision]] = [:]
        for decision in decisions where decision.verdict != .undo {
            if own[decision.question.subject] == nil { order.append(decision.question.subject) }
            own[decision.question.subject, default: []].append(decision)
        }
        return order.map { ($0, Verdicts(own[$0] ?? [], undone: undone)) }
            .filter { !$0.verdicts.latest.isEmpty }
    }
}
