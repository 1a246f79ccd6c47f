import Basics
import Foundation
import Imaging
import Results
import Synchronization

/// A queue, the decisions about it, and what pages see of both.
public final class ReviewSession: Sendable {
    private struct State {
        var status: QueueStatus
        var known = 0
        var generation = 0
    }

    let photographs: ReviewPhotographs
    private let queue: ReviewQueue
    private let facets: ReviewFacets
    private let log: DecisionLog
    private let title: String
    private let reviewer: String
    private let state: Mutex<State>

    /// Opens a queue.
    ///
    /// - Parameters:
    ///   - queue: The pairs.
    ///   - photographs: The photographs that they name.
    ///   - log: Where decisions go.
    ///   - title: What the page calls the catalogue.
    ///   - reviewer: The name of a person who gives none.
    public init(
        _ queue: ReviewQueue, _ photographs: ReviewPhotographs, log: DecisionLog, title: String, reviewer: String
    ) {
        self.queue = queue
        self.photographs = photographs
        self.log = log
        self.title = title
        self.reviewer = reviewer
        facets = ReviewFacets(queue, photographs)
        state = Mutex(State(status: QueueStatus(queue)))
    }

    /// Reads what any program has decided since.
    ///
    /// - Throws: ``FileError``.
    private func refresh() throws {
        try log.refresh()
        state.withLock { state in
            let contents = log.contents(after: state.known, of: state.generation)
            if contents.generation != state.generation {
                state = State(status: QueueStatus(queue), generation: contents.generation)
            }
            state.status.add(contents.decisions)
            state.known += contents.decisions.count
        }
    }

    // MARK: Reading

    /// What pages choose from.
    func facetsView() -> FacetsView {
        FacetsView(
            title: title, file: log.url.lastPathComponent, reviewer: reviewer, source: facets.source.values,
            view: facets.view.values, year: facets.year.values, place: facets.place.values,
            cause: facets.cause.values, probability: facets.probability.values)
    }

    /// Where a page goes from a pair.
    enum Step: String {
        /// To the pair itself.
        case here
        case next, previous
        /// To the next candidate of the same query that is another animal.
        case rival
    }

    /// The pair at a step from `position`, or the first selected one without a position.
    ///
    /// - Throws: ``FileError`` if the decisions cannot be read.
    func place(
        _ filter: ReviewFilter, from position: Int?, step: Step, reviewer: String
    ) throws -> PlaceView {
        try refresh()
        return state.withLock { state in
            let selected = selection(filter, state.status, reviewer: reviewer)
            let target = target(selected, from: position, step: step)
            let open = state.status.counts[.open] ?? 0
            return PlaceView(
                pair: target.map { view($0, state.status) },
                progress: progress(state.status, open: open, selected: selected.count),
                place: target.flatMap { selected.firstPosition(of: $0) }.map { $0 + 1 })
        }
    }

    private func selection(_ filter: ReviewFilter, _ status: QueueStatus, reviewer: String) -> [Int] {
        let hasValue = facets.selection(filter)
        return queue.pairs.indices.filter { position in
            guard hasValue(position) else { return false }
            return switch (filter.choice, status.statuses[position]) {
            case (.all, _), (.open, .open), (.decided, .decided), (.decided, .settled), (.disputed, .disputed),
                (.unclear, .unclear):
                true
            case (.second, .decided), (.second, .unclear), (.second, .disputed):
                !status.verdicts(at: position).latest.contains { $0.reviewer == reviewer }
            default: false
            }
        }
    }

    private func target(_ selected: [Int], from position: Int?, step: Step) -> Int? {
        guard let position, queue.pairs.indices.contains(position) else { return selected.first }
        switch step {
        case .here: return position
        // After the last pair, those that were passed over.
        case .next: return selected.first { $0 > position } ?? selected.first { $0 != position }
        case .previous: return selected.last { $0 < position } ?? position
        case .rival:
            let group = queue.groups[queue.groupOf[position]]
            let own = queue.pairs[position].question.whaleID
            let others = group.filter { queue.pairs[$0].question.whaleID != own }
            return others.first { $0 > position } ?? others.first ?? position
        }
    }

    private func progress(_ status: QueueStatus, open: Int, selected: Int) -> ProgressView {
        let counts = status.counts
        return ProgressView(
            pairs: queue.count, open: open, decided: counts[.decided] ?? 0, settled: counts[.settled] ?? 0,
            disputed: counts[.disputed] ?? 0, unclear: counts[.unclear] ?? 0, selected: selected,
            minutesLeft: status.minutes(open: open), problems: log.problems.lines)
    }

    private func view(_ position: Int, _ status: QueueStatus) -> PairView {
        let pair = queue.pairs[position]
        let question = pair.question
        // Every pair's photographs are known: the queue was made from them.
        let query = photographs.position(of: question.queryImageID) ?? 0
        let candidate = photographs.position(of: question.imageID) ?? 0
        let (first, second) = (photographs.all[query], photographs.all[candidate])
        func strip(of whale: String?, like other: ReviewPhotograph, without position: Int) -> [PhotographView] {
            photographs.strip(of: whale, like: other.viewpoint, without: position).map { view($0, next: other) }
        }
        return PairView(
            pair: position, source: question.source.rawValue, question: pair.text, evidence: pair.evidence,
            probability: question.probability, cause: pair.cause, effects: pair.effects(photographs),
            query: view(query, next: second, dated: true), candidate: view(candidate, next: first),
            queryStrip: question.source == .season
                ? question.movedImageIDs.compactMap(photographs.position).map { view($0, next: second) }
                : strip(of: first.whaleID, like: second, without: query),
            candidateStrip: strip(of: second.whaleID, like: first, without: candidate),
            rivals: queue.groups[queue.groupOf[position]].map {
                .init(
                    pair: $0, name: queue.pairs[$0].question.whaleID ?? queue.pairs[$0].question.imageID,
                    status: status.statuses[$0].word)
            },
            decisions: status.verdicts(at: position).latest.map(DecisionView.init),
            status: status.statuses[position].word, turns: turns(first, second), marks: pair.marks)
    }

    private func view(_ position: Int, next other: ReviewPhotograph, dated: Bool = false) -> PhotographView {
        let photograph = photographs.all[position]
        return PhotographView(
            picture: position, id: photograph.file.id, name: photograph.whaleID,
            viewpoint: photograph.viewpoint == .unknown ? nil : photograph.viewpoint.rawValue,
            date: photograph.date, encounter: photograph.encounterID, place: photograph.place,
            isNew: photograph.isNew,
            isSameView: photograph.viewpoint != .unknown && photograph.viewpoint == other.viewpoint)
    }

    /// The turn from the candidate's position into the query's, after the rule by which figures turn both. Of an animal
    /// whose head is not known, only views from above are compared by their shape: they have no upright.
    private func turns(_ query: ReviewPhotograph, _ candidate: ReviewPhotograph) -> Int {
        let pair = [query, candidate]
        let knowsHeads = pair.allSatisfy { $0.pose.heading != nil }
        guard knowsHeads || pair.allSatisfy({ $0.pose.side == .aboveOrBelow }) else { return 0 }
        let areLong = pair.allSatisfy(\.isLong)
        let turns = pair.map { photograph in
            let pose = knowsHeads ? photograph.pose : AnimalPose(side: photograph.pose.side)
            return pose.turn(of: photograph.sides, amongLong: areLong).rawValue
        }
        return Turn(quarters: turns[1] - turns[0]).rawValue
    }

    /// What is decided, what is open, and on which pairs people disagree, in lines.
    ///
    /// - Throws: ``FileError``.
    public func summary() throws -> String {
        try refresh()
        return state.withLock { state in
            func count(_ status: QueueStatus.Status) -> Int { state.status.counts[status] ?? 0 }
            var lines = [
                "\(NumberText.counted(queue.count, "pair", "pairs")): \(count(.open)) open, \(count(.decided)) decided, "
                    + "\(count(.settled)) settled by another candidate, \(count(.unclear)) unclear, "
                    + "\(count(.disputed)) disputed"
            ]
            for position in queue.pairs.indices where state.status.statuses[position] == .disputed {
                let latest = state.status.verdicts(at: position).latest
                lines.append(
                    "disputed: \(queue.pairs[position].text) "
                        + latest.map { "\($0.reviewer): \($0.verdict.rawValue)" }.joined(separator: ", "))
            }
            if let calibration = DecidedCalibration(log.contents().decisions) { lines += calibration.lines }
            return lines.visibleLines
        }
    }

    // MARK: Deciding

    /// A decision as the page sends it.
    struct Submission: Codable {
        let id: String
        let pair: Int
        let verdict: String
        let reviewer: String
        let shown: [Int]
        let seconds: Double?
    }

    /// A request to take back a person's last decision.
    struct Retraction: Codable {
        let id: String
        let reviewer: String
    }

    /// Writes a decision; nil if it does not fit the queue.
    ///
    /// - Throws: ``FileError`` if it cannot be written.
    func store(_ submission: Submission, at time: Date) throws -> StoredView? {
        guard queue.pairs.indices.contains(submission.pair), isName(submission.reviewer), isID(submission.id),
            let verdict = PairDecision.Verdict(rawValue: submission.verdict), verdict != .undo
        else { return nil }
        let pair = queue.pairs[submission.pair]
        let shown = submission.shown.filter(photographs.all.indices.contains).map { photographs.all[$0].file.id }
        try log.append(
            PairDecision(
                id: submission.id, time: Self.text(of: time), reviewer: submission.reviewer, verdict: verdict,
                question: pair.question, shownImageIDs: shown, shown: pair.evidence,
                seconds: submission.seconds.map { min(max(0, $0), 1e6) }))
        return StoredView(id: submission.id, pair: submission.pair)
    }

    /// Takes back a person's last decision; nil if there is none, or if the request is not valid.
    ///
    /// - Throws: ``FileError``.
    func retract(_ retraction: Retraction, at time: Date) throws -> StoredView? {
        guard isName(retraction.reviewer), isID(retraction.id) else { return nil }
        try refresh()
        let all = log.contents().decisions
        guard let last = state.withLock({ $0.status.last(of: retraction.reviewer, among: all) }) else { return nil }
        try log.append(
            PairDecision(
                id: retraction.id, time: Self.text(of: time), reviewer: retraction.reviewer, verdict: .undo,
                question: last.question, shownImageIDs: [], shown: "", seconds: nil, undoneID: last.id))
        return StoredView(id: last.id, pair: queue.positions(of: last.question.subject).first)
    }

    private func isName(_ text: String) -> Bool { !text.isEmpty && text.utf8.count <= 200 }
    private func isID(_ text: String) -> Bool { text.wholeMatch(of: /[0-9a-f]{8,64}/) != nil }

    private static func text(of time: Date) -> String {
        time.formatted(.iso8601)
    }
}

extension ReviewPhotograph {
    /// The sides of the part of the picture that is shown; nil if unknown.
    fileprivate var sides: PictureSides? {
        file.box.map { PictureSides(width: $0.width, height: $0.height) } ?? file.sides
    }

    /// Whether the sides are known to differ clearly.
    fileprivate var isLong: Bool {
        guard let sides else { return false }
        return 5 * max(sides.width, sides.height) > 6 * min(sides.width, sides.height)
    }
}

extension [Int] {
    /// The position of a number in sorted ones.
    fileprivate func firstPosition(of number: Int) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number ? low : nil
    }
}
