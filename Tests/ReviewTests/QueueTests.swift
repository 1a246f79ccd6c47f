import Basics
import Catalog
import Foundation
import Imaging
import Results
import Testing

@testable import Review

@Suite struct QueueTests {
    private func decide(
        _ session: ReviewSession, _ pair: Int, _ verdict: String, by reviewer: String = "Anna", seconds: Double? = nil
    ) throws {
        let id = UUID().uuidString.lowercased().filter { $0 != "-" }
        let stored = try session.store(
            .init(id: id, pair: pair, verdict: verdict, reviewer: reviewer, shown: [0], seconds: seconds), at: Date())
        #expect(stored?.pair == pair)
    }

    private func statuses(_ session: ReviewSession, _ count: Int) throws -> [String] {
        try (0..<count).map { try place(session, from: $0).pair?.status ?? "" }
    }

    private func place(
        _ session: ReviewSession, from pair: Int? = nil, _ step: ReviewSession.Step = .here,
        _ filter: [String: String] = [:], by reviewer: String = "Anna"
    ) throws -> PlaceView {
        try session.place(ReviewFilter(filter), from: pair, step: step, reviewer: reviewer)
    }

    @Test func `Pairs whose decision is worth most come first, candidates of a query by rank`() throws {
        let queue = ReviewQueue(
            Pond.pairs + [Pond.merge("w1", "w2", photographs: 40), Pond.season("n2", "w1", rank: 3, 0.5)])
        #expect(
            queue.pairs.map { "\($0.question.queryImageID) \($0.question.whaleID ?? "")" } == [
                "w1-1 w2", "w3-1 w4", "n2 w1", "n2 w3", "n1 w1", "n1 w2",
            ])
        #expect(queue.groups == [[0], [1], [2, 3], [4, 5]] && queue.groupOf == [0, 1, 2, 2, 3, 3])
    }

    @Test func `A choice settles the other candidates, an undo opens them again, and every page sees it`() throws {
        let pond = try Pond()
        let (session, other) = (try pond.session(), try pond.session())
        // In order: merge, n2 with its two, n1 with its two.
        #expect(try statuses(session, 5) == Array(repeating: "open", count: 5))
        try decide(session, 1, "same")
        #expect(try statuses(other, 5) == ["open", "decided", "settled", "open", "open"])
        #expect(try place(other).progress.open == 3)
        try decide(session, 3, "different")
        try decide(other, 4, "cannot-tell", by: "Ben")
        #expect(try statuses(session, 5) == ["open", "decided", "settled", "decided", "unclear"])
        let undone = try session.retract(.init(id: "0123456789ab", reviewer: "Anna"), at: Date())
        #expect(undone?.pair == 3)
        #expect(try statuses(other, 5) == ["open", "decided", "settled", "open", "unclear"])
        #expect(try session.retract(.init(id: "0123456789ac", reviewer: "Anna"), at: Date())?.pair == 1)
        #expect(try session.retract(.init(id: "0123456789ad", reviewer: "Anna"), at: Date()) == nil)
        #expect(try statuses(try pond.session(), 5) == ["open", "open", "open", "open", "unclear"])
    }

    @Test func `Decisions of two people stand side by side, and disagreement is listed`() throws {
        let pond = try Pond()
        let session = try pond.session()
        try decide(session, 0, "same")
        try decide(session, 0, "different", by: "Ben")
        let pair = try #require(try place(session, from: 0).pair)
        #expect(pair.status == "disputed")
        #expect(pair.decisions.map { "\($0.reviewer) \($0.verdict)" } == ["Anna same", "Ben different"])
        #expect(try place(session, from: nil, .here, ["state": "disputed"]).progress.selected == 1)
        #expect(try session.summary().contains("disputed: Are w3 and w4 one animal? Anna: same, Ben: different"))
        // Ben changes his mind: his last decision counts.
        try decide(session, 0, "same", by: "Ben")
        #expect(try place(session, from: 0).pair?.status == "decided")
    }

    @Test func `Pairs that others decided are offered for a second opinion`() throws {
        let pond = try Pond()
        let session = try pond.session()
        try decide(session, 0, "same")
        let second = ["state": "second"]
        #expect(try place(session, from: nil, .here, second, by: "Anna").pair == nil)
        #expect(try place(session, from: nil, .here, second, by: "Ben").pair?.pair == 0)
    }

    @Test func `Steps lead to the next open pair, back, and to the next animal`() throws {
        let pond = try Pond()
        let session = try pond.session()
        #expect(try place(session).pair?.pair == 0)
        #expect(try place(session, from: 0, .next).pair?.pair == 1)
        #expect(try place(session, from: 1, .rival).pair?.pair == 2)
        #expect(try place(session, from: 2, .rival).pair?.pair == 1)
        #expect(try place(session, from: 2, .previous).pair?.pair == 1)
        #expect(try place(session, from: 0, .previous).pair?.pair == 0)
        // After the last one, those that were passed over.
        #expect(try place(session, from: 4, .next).pair?.pair == 0)
        for pair in [0, 1, 3] { try decide(session, pair, "same") }
        let last = try place(session, from: 3, .next)
        #expect(last.pair == nil && last.progress.open == 0 && last.progress.settled == 2)
    }

    @Test(arguments: [
        (["source": "merge"], 1), (["view": "left"], 4), (["view": "top"], 1), (["year": "2017"], 5),
        (["year": "2018"], 0), (["place": "Bay"], 2), (["place": "Cove"], 1), (["probability": "5"], 1),
        (["probability": "none", "source": "season"], 2), (["cause": "blurred"], 0),
    ])
    func `A filter selects the pairs that fit`(filter: [String: String], count: Int) throws {
        let pond = try Pond()
        let session = try pond.session()
        let found = try place(session, from: nil, .here, filter)
        #expect(found.progress.selected == count && (found.pair != nil) == (count > 0))
        #expect(found.progress.pairs == 5)
    }

    @Test func `The time left follows the pace and the pairs that a decision settles`() throws {
        let pond = try Pond()
        let session = try pond.session()
        try decide(session, 0, "same", seconds: 10)
        try decide(session, 1, "different", seconds: 20)
        #expect(try place(session).progress.minutesLeft == nil)
        // Somebody went for lunch: that time does not count.
        try decide(session, 2, "different", seconds: 4000)
        #expect(try place(session).progress.minutesLeft == nil)
        try decide(session, 3, "same", seconds: 30)
        let progress = try place(session).progress
        #expect(progress.open == 0 && progress.minutesLeft == 0)
        _ = try session.retract(.init(id: "0123456789ab", reviewer: "Anna"), at: Date())
        // Two open pairs at one decision a pair, each 20 seconds.
        #expect(try place(session).progress.minutesLeft == 2 * 20.0 / 60)
    }

    @Test func `The photographs of the candidate's animal from the same side come first`() throws {
        let pond = try Pond()
        let session = try pond.session()
        let pair = try #require(try place(session, from: 1).pair)
        #expect(pair.query.id == "n2" && pair.query.viewpoint == "left" && pair.query.isNew)
        #expect(pair.candidateStrip.map(\.id) == ["w1-3", "w1-2"])
        #expect(pair.candidateStrip.map(\.isSameView) == [true, false])
        #expect(pair.rivals.map(\.name) == ["w1", "w3"])
        #expect(pair.effects["same"] == "The photograph gets the name w1.")
    }

    @Test func `A photograph from above is turned if its long side lies across`() throws {
        let pond = try Pond()
        func pair(_ one: String, _ other: String) -> ReviewPair {
            ReviewPair(
                question: PairQuestion(
                    source: .query, queryImageID: one, queryWhaleID: "w1", imageID: other, whaleID: "w2"),
                evidence: "")
        }
        let session = try pond.session([pair("w1-1", "w2-2"), pair("w1-2", "w3-2"), pair("w1-3", "w4-2")])
        #expect(try (0..<3).map { try place(session, from: $0).pair?.turns } == [3, 0, 0])
    }

    @Test func `Photographs whose heads are known are turned by the rule of figures`() throws {
        let pond = try Pond()
        func photograph(_ id: String, _ view: Viewpoint, _ heading: Heading?, _ width: Int, _ height: Int) -> Photograph
        {
            Photograph(id: id, path: "\(id).jpg", height: height, width: width, heading: heading, viewpoint: view)
        }
        let photographs = ReviewPhotographs(
            Catalog(
                directory: pond.root,
                photographs: [
                    photograph("left", .top, .left, 50, 50), photograph("right", .top, .right, 50, 50),
                    photograph("flank", .right, .right, 90, 40), photograph("upright", .right, .up, 40, 90),
                    photograph("unknown", .right, nil, 40, 90),
                ]))
        let pairs = [("left", "right"), ("flank", "upright"), ("upright", "flank"), ("unknown", "flank")].map {
            ReviewPair(
                question: PairQuestion(
                    source: .query, queryImageID: $0, queryWhaleID: "w1", imageID: $1, whaleID: "w2"), evidence: "")
        }
        let session = ReviewSession(
            ReviewQueue(pairs), photographs, log: try DecisionLog(pond.decisions), title: "pond", reviewer: "Anna")
        // A right flank has its head to the right, so it turns clockwise if its head is up.
        #expect(try (0..<4).map { try place(session, from: $0).pair?.turns } == [2, 1, 3, 0])
    }

    @Test func `A decision that does not fit is refused`() throws {
        let pond = try Pond()
        let session = try pond.session()
        func submission(
            id: String = "0123456789ab", pair: Int = 0, verdict: String = "same", reviewer: String = "Anna"
        ) -> ReviewSession.Submission {
            .init(id: id, pair: pair, verdict: verdict, reviewer: reviewer, shown: [-1, 999], seconds: -5)
        }
        for wrong in [
            submission(id: "x,y"), submission(pair: 5), submission(pair: -1), submission(verdict: "undo"),
            submission(verdict: "maybe"), submission(reviewer: ""),
            submission(reviewer: String(repeating: "a", count: 201)),
        ] {
            #expect(try session.store(wrong, at: Date()) == nil)
        }
        #expect(!FileManager.default.fileExists(atPath: pond.decisions.path))
        #expect(try session.store(submission(), at: Date()) != nil)
        #expect(try DecisionLog(pond.decisions).contents().decisions.map(\.shownImageIDs) == [[]])
    }
}
