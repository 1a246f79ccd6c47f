import Basics
import Catalog
import Evaluation
import Results

/// Suspects with what people decided about them: first those that are still open, each part most likely first.
struct DecidedSuspects {
    /// A suspect and the decisions about it.
    struct Entry {
        let suspect: IdentitySuspect
        let state: State
        /// Each person's last decision, the oldest first.
        let latest: [PairDecision]
    }

    /// What is known about a suspect.
    enum State: Equatable {
        /// Nobody has decided.
        case undecided
        /// People disagree.
        case disputed
        case decided(PairDecision.Verdict)

        /// Whether somebody still has to decide, or people have to agree.
        var isOpen: Bool { self == .undecided || self == .disputed }
    }

    let entries: [Entry]

    /// The order in which verdicts are counted, each in words.
    fileprivate static let words: [(verdict: PairDecision.Verdict, text: String)] = [
        (.same, "same"), (.different, "different"), (.new, "new animal"), (.notUsable, "not usable"),
        (.cannotTell, "cannot tell"),
    ]

    /// Joins suspects, most likely first, with the decisions about them.
    init(_ suspects: [IdentitySuspect], _ decisions: ReportDecisions, in catalog: Catalog) {
        let verdicts = decisions.verdicts
        let all = suspects.map { suspect -> Entry in
            guard let question = PairQuestion(suspect, in: catalog), let found = verdicts[question.subject] else {
                return Entry(suspect: suspect, state: .undecided, latest: [])
            }
            let state: State = found.isDisputed ? .disputed : .decided(found.agreed ?? .cannotTell)
            return Entry(suspect: suspect, state: state, latest: found.latest)
        }
        entries = all.filter(\.state.isOpen) + all.filter { !$0.state.isOpen }
    }

    /// How many are decided and how, and how many are open, in one sentence.
    var text: String {
        let decided = entries.filter { !$0.state.isOpen }
        let (open, disputed) = (entries.count - decided.count, entries.count { $0.state == .disputed })
        let counts = Self.words.compactMap { verdict, text -> String? in
            let count = decided.count { $0.state == .decided(verdict) }
            return count > 0 ? "\(count) \(text)" : nil
        }
        let all = NumberText.counted(entries.count, "suspected pair", "suspected pairs")
        return "\(decided.count) of \(all) \(decided.count == 1 ? "is" : "are") decided"
            + (counts.isEmpty ? "" : ": " + counts.joined(separator: ", "))
            + "; \(open) \(open == 1 ? "is" : "are") open"
            + (disputed > 0 ? ", \(disputed) of them because people disagree" : "") + "."
    }
}

extension DecidedSuspects.Entry {
    /// The decision in words.
    var decision: String {
        switch state {
        case .undecided: "open"
        case .disputed: "disputed"
        case .decided(let verdict): Self.word(verdict)
        }
    }

    /// Who decided; if people disagree, also what.
    var reviewers: String {
        latest.isEmpty
            ? "–"
            : latest.map { state == .disputed ? "\($0.reviewer): \(Self.word($0.verdict))" : $0.reviewer }
                .joined(separator: ", ")
    }

    private static func word(_ verdict: PairDecision.Verdict) -> String {
        DecidedSuspects.words.first { $0.verdict == verdict }?.text ?? verdict.rawValue
    }
}
