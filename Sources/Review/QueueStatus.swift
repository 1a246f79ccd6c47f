import Results

/// What was decided about the pairs of a queue, kept up to date decision by decision.
struct QueueStatus: Sendable {
    /// What is known about a pair.
    enum Status: UInt8, Sendable {
        /// Nobody has decided.
        case open
        case decided
        /// Another candidate of its query was chosen, or the query shows no animal of the catalogue.
        case settled
        /// People disagree.
        case disputed
        /// Whoever looked cannot tell.
        case unclear
    }

    private let queue: ReviewQueue
    private(set) var statuses: [Status]
    private var decisions: [PairQuestion.Subject: [PairDecision]] = [:]
    private var undone: Set<String> = []
    /// The subject of each decision, for undoing it.
    private var subjects: [String: PairQuestion.Subject] = [:]
    /// How often each status occurs.
    private(set) var counts: [Status: Int]
    /// The seconds of the last decisions, oldest first.
    private(set) var recentSeconds: [Double] = []
    /// The number of decisions that count.
    private(set) var decided = 0

    /// The decisions that the time left is estimated from.
    private static let recent = 30
    /// Longer than this, a person was elsewhere.
    private static let longest = 300.0

    init(_ queue: ReviewQueue) {
        self.queue = queue
        statuses = Array(repeating: .open, count: queue.count)
        counts = [.open: queue.count]
    }

    /// Adds decisions in the order of the file.
    mutating func add(_ new: [PairDecision]) {
        var changed: Set<Int> = []
        for decision in new {
            let subject: PairQuestion.Subject
            if decision.verdict == .undo {
                guard undone.insert(decision.undoneID).inserted, let known = subjects[decision.undoneID] else {
                    continue
                }
                subject = known
                decided -= 1
            } else {
                subject = decision.question.subject
                subjects[decision.id] = subject
                decisions[subject, default: []].append(decision)
                if !undone.contains(decision.id) { decided += 1 }
                if let seconds = decision.seconds, seconds <= Self.longest {
                    recentSeconds.append(seconds)
                    if recentSeconds.count > Self.recent { recentSeconds.removeFirst() }
                }
            }
            for position in queue.positions(of: subject) { changed.insert(queue.groupOf[position]) }
        }
        for group in changed { update(queue.groups[group]) }
    }

    /// What people decided about a pair.
    func verdicts(at position: Int) -> Verdicts {
        Verdicts(decisions[queue.pairs[position].question.subject] ?? [], undone: undone)
    }

    /// The last decision of a person that was not taken back.
    func last(of reviewer: String, among all: [PairDecision]) -> PairDecision? {
        all.last { $0.reviewer == reviewer && $0.verdict != .undo && !undone.contains($0.id) }
    }

    private mutating func update(_ group: [Int]) {
        let verdicts = group.map(verdicts)
        let isSettled = zip(group, verdicts).contains { position, verdicts in
            switch verdicts.agreed {
            case .notUsable, .new: true
            case .same: queue.pairs[position].question.source == .season
            default: false
            }
        }
        for (position, verdicts) in zip(group, verdicts) {
            let status: Status =
                if verdicts.isDisputed { .disputed } else if verdicts.agreed != nil { .decided } else if isSettled {
                    .settled
                } else if !verdicts.latest.isEmpty { .unclear } else { .open }
            guard status != statuses[position] else { continue }
            counts[statuses[position], default: 0] -= 1
            counts[status, default: 0] += 1
            statuses[position] = status
        }
    }

    /// The minutes that the open pairs will take at the present pace; nil before the third decision.
    ///
    /// The median time of the last decisions, times the decisions that open pairs will need: a decision can settle
    /// several pairs.
    func minutes(open: Int) -> Double? {
        let done = queue.count - (counts[.open] ?? 0)
        guard recentSeconds.count >= 3, decided > 0, done > 0 else { return nil }
        let sorted = recentSeconds.sorted()
        let needed = Double(open) * min(1, Double(decided) / Double(done))
        return needed * sorted[sorted.count / 2] / 60
    }
}
