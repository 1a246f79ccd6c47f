import Basics
import Foundation
import Testing

@testable import Evaluation

/// Each cause, with a made-up miss that has it and one that just misses it.
struct CauseTests {
    /// A small scene: animals a to f with photographs in a database, and one query of a that returns b.
    private struct Scene {
        var photographs: [NamedPhotograph] = []
        var database: [String] = []
        var training: Set<String> = []
        var quality: [String: PhotographQuality] = [:]
        var hashes: [String: UInt64] = [:]
        var suspects: [IdentitySuspect] = []
        var queries: [CauseFinder.Query] = []

        init() {
            for whale in ["a", "b", "c", "d", "e", "f"] {
                for number in 0..<4 {
                    add("\(whale)\(number)", of: whale, view: number < 3 ? "top" : "left")
                    training.insert("\(whale)\(number)")
                    database.append("\(whale)\(number)")
                }
            }
            ask("q", of: "a", relevant: 4, answers: ["b0", "c0", "a0"])
        }

        mutating func add(_ id: String, of whale: String, view: String = "top") {
            photographs.removeAll { $0.id == id }
            photographs.append(.init(id: id, whaleID: whale, encounterID: nil, viewpoint: view))
        }

        mutating func ask(
            _ id: String, of whale: String, relevant: Int, answers: [String], view: String = "top"
        ) {
            add(id, of: whale, view: view)
            let rows = answers.enumerated().map { place, answer in
                AveragePrecision.Row(score: -Double(place), isRelevant: answer.hasPrefix(whale))
            }
            queries.append(
                .init(
                    QueryResult(
                        scenario: "s", queryID: id, imageID: id, whaleID: whale, relevant: relevant, answers: rows),
                    answers: answers))
        }

        var finder: CauseFinder {
            CauseFinder(
                queries: queries, photographs: photographs, databases: ["s": database], training: training,
                quality: quality, hashes: hashes, hashLimit: 6, suspects: suspects)
        }

        /// The causes of the query `q`, its main cause first.
        var causes: [FailureCause] { finder.rows().filter { $0.queryID == "q" }.map(\.cause) }
        var evidence: String { finder.rows().first { $0.queryID == "q" }?.evidence ?? "" }
        var summary: CauseSummary { finder.summary(of: finder.rows()) }
    }

    @Test func `A miss with nothing remarkable is unknown, and a hit has no cause`() {
        var scene = Scene()
        #expect(scene.causes == [.unknown])
        scene.queries = []
        scene.ask("q", of: "a", relevant: 4, answers: ["a0", "b0"])
        #expect(scene.causes.isEmpty)
    }

    @Test func `No correct photograph in the database is a cause; one is none`() {
        var scene = Scene()
        scene.queries = []
        scene.ask("q", of: "nobody", relevant: 0, answers: ["b0"])
        #expect(scene.causes == [.noAnswer] && scene.evidence == "the database has no photograph of nobody")
        scene.queries = []
        scene.ask("q", of: "a", relevant: 1, answers: ["b0"])
        #expect(!scene.causes.contains(.noAnswer))
    }

    @Test func `A near-duplicate under another name is a cause; one bit more is none`() {
        var scene = Scene()
        scene.hashes = ["q": 0, "b0": 0b111111]
        #expect(scene.causes == [.nearDuplicate] && scene.evidence.hasPrefix("b0 of b differs in 6 of 64 bits"))
        scene.hashes["b0"] = 0b1111111
        #expect(scene.causes == [.unknown])
    }

    @Test func `Suspect labels of both kinds are a cause; a rejected or another suspicion is none`() {
        func suspect(
            _ kind: IdentitySuspect.Kind, _ one: String, _ other: String, _ images: [String] = [],
            _ decision: IdentitySuspect.Decision = .undecided
        ) -> IdentitySuspect {
            .init(
                kind: kind, whaleID: one, otherWhaleID: other, imageIDs: images, score: 0.8, evidence: "",
                decision: decision)
        }
        var scene = Scene()
        scene.suspects = [suspect(.merge, "b", "a")]
        #expect(scene.causes == [.suspectLabel] && scene.evidence == "a and b may be one animal (0.80)")
        scene.suspects = [suspect(.split, "a", "a-2", ["q"])]
        #expect(scene.causes == [.suspectLabel] && scene.evidence == "q may not show a (0.80)")
        scene.suspects = [
            suspect(.merge, "b", "a", [], .reject), suspect(.merge, "a", "c"), suspect(.split, "a", "a-2", ["a1"]),
        ]
        #expect(scene.causes == [.unknown])
    }

    @Test func `Two views that no training animal has are a cause; one animal with both is enough`() {
        var scene = Scene()
        scene.queries = []
        scene.ask("q", of: "a", relevant: 4, answers: ["b0"], view: "right")
        #expect(scene.causes == [.crossViews, .unseenViews])
        #expect(
            scene.finder.rows()[1].evidence
                == "none of 6 animals in training has photographs of both its right and its left or top")
        scene.add("f9", of: "f", view: "right")
        scene.training.insert("f9")
        #expect(scene.causes == [.crossViews])
    }

    @Test func `A single view needs an animal with two photographs of it`() {
        var scene = Scene()
        scene.queries = []
        scene.database = ["b0", "a3"]
        scene.ask("q", of: "a", relevant: 3, answers: ["b0"], view: "left")
        #expect(scene.causes == [.unseenViews], "each animal in training has one left photograph")
        scene.add("f8", of: "f", view: "left")
        scene.training.insert("f8")
        #expect(scene.causes == [.unknown])
    }

    /// A usual range of 24 photographs, and the query's own measures.
    private static func measured(_ query: PhotographQuality) -> Scene {
        var scene = Scene()
        for (number, id) in scene.database.enumerated() {
            let step = Double(number % 8) / 8
            scene.quality[id] = PhotographQuality(
                sharpness: 100 + 50 * step, exposure: 0.4 + 0.1 * step, darkClipping: 0.02 * step,
                brightClipping: 0.02 * step, side: 300 + 100 * step)
        }
        scene.quality["q"] = query
        return scene
    }

    @Test(arguments: [
        (PhotographQuality(sharpness: 40), FailureCause.blurred), (PhotographQuality(exposure: 0.2), .dark),
        (PhotographQuality(side: 100), .tiny), (PhotographQuality(darkClipping: 0.2), .clipped),
        (PhotographQuality(brightClipping: 0.2), .clipped),
    ])
    func `Unusual photographs have their flaw`(quality: PhotographQuality, cause: FailureCause) {
        #expect(Self.measured(quality).causes == [cause])
    }

    @Test(arguments: [
        // Fences at 1.5 interquartile ranges: about 68, 0.33, 240 and 0.04.
        PhotographQuality(sharpness: 80), PhotographQuality(exposure: 0.35), PhotographQuality(side: 260),
        PhotographQuality(darkClipping: 0.03), PhotographQuality(brightClipping: 0.03), PhotographQuality(),
        // Too bright, too sharp and too large are not flaws.
        PhotographQuality(sharpness: 1e4, exposure: 0.9, side: 4000),
    ])
    func `Photographs at the edge of the usual range have none`(quality: PhotographQuality) {
        #expect(Self.measured(quality).causes == [.unknown])
    }

    @Test func `Fences are numpy's quartiles`() {
        // numpy.quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 100], [.25, .75]) is 3.25 and 7.75.
        let fences = QualityFences.fences([100, 9, 8, 7, 6, 5, 4, 3, 2, 1])
        #expect(fences == (3.25 - 6.75)...(7.75 + 6.75))
        #expect(QualityFences.fences([1, 2, 3]) == nil)
        let alike = (0..<9).map { ("\($0)", PhotographQuality(side: 400)) }
        let known = QualityFences(Dictionary(uniqueKeysWithValues: alike))
        #expect(known.limit(of: .tiny) == "shorter side below 400 pixels" && known.limit(of: .blurred) == nil)
    }

    @Test func `Few photographs in the database are a cause; three are not few`() {
        var scene = Scene()
        scene.queries = []
        scene.ask("q", of: "a", relevant: 2, answers: ["b0"])
        #expect(scene.causes == [.fewAnswers] && scene.evidence == "the database has 2 photographs of a")
        scene.queries = []
        scene.ask("q", of: "a", relevant: 3, answers: ["b0"])
        #expect(scene.causes == [.unknown])
    }

    @Test func `Only flawed photographs to find are a cause; one without a flaw is none, and other views do not count`()
    {
        var scene = Self.measured(PhotographQuality())
        for id in ["a0", "a1"] { scene.quality[id]?.sharpness = 40 }
        #expect(scene.causes == [.unknown])
        scene.quality["a2"]?.exposure = 0.2
        #expect(scene.causes == [.flawedAnswers])
        #expect(scene.evidence == "all 3 top photographs of a to find are blurred or dark")
        // Without a photograph of the query's view, all must have a flaw.
        scene.queries = []
        scene.ask("q", of: "a", relevant: 4, answers: ["b0"], view: "right")
        #expect(!scene.causes.contains(.flawedAnswers))
        scene.quality["a3"]?.side = 100
        #expect(scene.causes.contains(.flawedAnswers))
        // Hits have it as well, so it can be compared.
        scene.ask("r", of: "a", relevant: 4, answers: ["a0"], view: "right")
        #expect(scene.summary.causes.first { $0.cause == .flawedAnswers }.map { [$0.misses, $0.hits] } == [1, 1])
        scene.queries = []
        scene.ask("q", of: "a", relevant: 4, answers: ["b0"], view: "left")
        #expect(scene.causes == [.flawedAnswers])
        #expect(scene.evidence == "the only left photograph of a to find, a3, is small")
    }

    @Test func `Confused animals are mistaken in both directions, which is no cause; one direction is no pair`() {
        var scene = Scene()
        scene.ask("r", of: "b", relevant: 4, answers: ["a1"])
        #expect(scene.causes == [.unknown])
        let pairs = scene.summary.confusedPairs
        #expect(
            pairs == [
                ConfusedPair(
                    whaleID: "a", otherWhaleID: "b",
                    there: .init(count: 1, sameView: 1, queryImageID: "q", answerImageID: "b0"),
                    back: .init(count: 1, sameView: 1, queryImageID: "r", answerImageID: "a1"))
            ])
        scene = Scene()
        scene.ask("r", of: "b", relevant: 4, answers: ["c1"])
        #expect(scene.causes == [.unknown])
        #expect(scene.summary.confusedPairs == [])
        // A query whose animal is not in the database is not a mistake.
        scene.ask("s", of: "b", relevant: 0, answers: ["a1"])
        #expect(scene.summary.confusedPairs == [])
    }

    @Test func `A pair mistaken only across views is confused, and a look-alike once it is mistaken in one view`()
        throws
    {
        var scene = Scene()
        scene.queries = []
        scene.ask("q", of: "a", relevant: 4, answers: ["b3"])
        scene.ask("r", of: "b", relevant: 4, answers: ["a1"])
        // r is a top view, and so is its match.
        #expect(scene.summary.confusedPairs.map(\.there.sameView) == [0])
        #expect(scene.summary.confusedPairs.map(\.isLookAlike) == [true])
        scene.queries.removeLast()
        scene.ask("r", of: "b", relevant: 4, answers: ["a3"])
        #expect(scene.summary.confusedPairs.map(\.isLookAlike) == [false])
        scene.queries.removeLast()
        scene.ask("r", of: "b", relevant: 4, answers: ["a1"])
        scene.ask("q2", of: "a", relevant: 4, answers: ["b1"])
        let pair = try #require(scene.summary.confusedPairs.first)
        #expect(pair.there == .init(count: 2, sameView: 1, queryImageID: "q2", answerImageID: "b1"))
        #expect(pair.back.sameView == 1)
    }

    @Test func `A hub is a wrong match far more often than others; right matches do not count`() {
        var scene = Scene()
        for whale in ["c", "d", "e", "f"] {
            scene.ask("\(whale)-q", of: whale, relevant: 4, answers: ["\(whale)0", "b0", "\(whale)1"])
        }
        #expect(scene.causes == [.hub])
        #expect(scene.evidence.hasPrefix("b0 is a wrong match in the top 10 of 5 of 5 queries"), "\(scene.evidence)")
        let hubs = scene.summary.hubs
        #expect(hubs.map(\.imageID) == ["b0"] && hubs[0].wrong == 5 && hubs[0].queries == 5 && hubs[0].mean < 1)
        scene = Scene()
        for number in 1...4 { scene.ask("b-q\(number)", of: "b", relevant: 4, answers: ["b0", "b1"]) }
        #expect(scene.causes == [.unknown])
    }

    @Test func `All causes that apply are reported in order, and the first is the most likely`() throws {
        var scene = Self.measured(PhotographQuality(sharpness: 40))
        scene.hashes = ["q": 0, "b0": 1]
        scene.queries = []
        scene.ask("q", of: "a", relevant: 2, answers: ["b0"])
        let rows = scene.finder.rows().filter { $0.queryID == "q" }
        #expect(rows.map(\.cause) == [.nearDuplicate, .blurred, .fewAnswers])
        #expect(rows.map(\.order) == [1, 2, 3])
    }

    @Test func `A side that the database lacks of every animal is compared on purpose`() {
        var scene = Scene()
        scene.queries = []
        scene.ask("q", of: "a", relevant: 4, answers: ["b0"], view: "right")
        #expect(scene.causes.first == .crossViews)
        #expect(scene.evidence == "the query is a right view; the database of s has only left and top views")
        scene.add("b1", of: "b", view: "right")
        #expect(scene.causes.first == .otherView)
    }

    @Test func `A side that the database lacks is a cause; an unknown side, or one correct photograph of it, is none`()
    {
        var scene = Scene()
        scene.queries = []
        scene.add("b1", of: "b", view: "right")
        scene.ask("q", of: "a", relevant: 4, answers: ["b0"], view: "right")
        #expect(scene.causes.first == .otherView)
        #expect(scene.evidence == "the query is a right view; the database has only left and top views of a")
        scene.add("a1", of: "a", view: "unknown")
        #expect(!scene.causes.contains(.otherView))
        scene.add("a1", of: "a", view: "right")
        #expect(!scene.causes.contains(.otherView))
        scene.add("q", of: "a", view: "unknown")
        #expect(!scene.causes.contains(.otherView))
    }

    @Test func `Causes are in the order of how much more often they hold for misses than for hits`() {
        var scene = Scene()
        scene.queries = []
        // One of two blurred queries misses, and all three that show another side.
        for number in 0..<3 { scene.ask("m\(number)", of: "a", relevant: 4, answers: ["b0"], view: "right") }
        for number in 0..<6 { scene.ask("h\(number)", of: "c", relevant: 4, answers: ["c0"]) }
        for id in scene.photographs.map(\.id) { scene.quality[id] = PhotographQuality(sharpness: 1000) }
        for id in ["m0", "h0", "h1", "h2", "h3"] { scene.quality[id] = PhotographQuality(sharpness: 1) }
        scene.suspects = [
            .init(
                kind: .merge, whaleID: "a", otherWhaleID: "b", imageIDs: [], score: 0.9, evidence: "",
                decision: .undecided)
        ]
        let first = scene.finder.rows().filter { $0.queryID == "m0" }.map(\.cause)
        #expect(first.first == .crossViews && first.last == .suspectLabel)
        // More often among hits than among misses: behind those of the wrong match.
        #expect(
            first.contains(.blurred) && first.firstIndex(of: .hub).map { $0 < first.firstIndex(of: .blurred)! } != false
        )
        #expect(scene.summary.causes.first?.cause == .crossViews)
    }

    @Test func `Queries across views are compared with each other, and so are all others`() throws {
        var scene = Scene()
        scene.queries = []
        // Across views, all blurred queries miss; in one view, all are hits.
        for number in 0..<10 {
            scene.ask("x\(number)", of: "a", relevant: 4, answers: [number < 5 ? "b0" : "a0"], view: "right")
            scene.ask("t\(number)", of: "c", relevant: 4, answers: [number < 5 ? "d0" : "c0"])
        }
        for id in scene.photographs.map(\.id) { scene.quality[id] = PhotographQuality(sharpness: 1000) }
        for id in ["x0", "x1", "x2", "t5", "t6", "t7"] { scene.quality[id] = PhotographQuality(sharpness: 1) }
        let summary = scene.summary
        let across = try #require(summary.acrossViews)
        #expect(across.misses == 5 && across.hits == 5)
        let blurred = try #require(across.causes.first { $0.cause == .blurred })
        #expect(blurred.misses == 3 && blurred.hits == 0 && blurred.first == 3)
        #expect(!across.causes.contains { $0.cause == .crossViews })
        let others = try #require(summary.others)
        #expect(others.misses == 5 && others.hits == 5)
        #expect(others.causes.first { $0.cause == .blurred }.map { [$0.misses, $0.hits] } == [0, 3])
        let first = scene.finder.rows().filter { $0.queryID == "x0" }.map(\.cause)
        #expect(first.prefix(2) == [.crossViews, .blurred], "\(first)")
        // Without queries across views there is one kind.
        scene.queries.removeAll { $0.answers[0].hasPrefix("a") || $0.answers[0].hasPrefix("b") }
        #expect(scene.summary.acrossViews == nil && scene.summary.others == nil)
    }

    @Test func `The answer separates views compared on purpose, or has the most telling cause, and counts near misses`()
    {
        var scene = Scene()
        scene.queries = []
        #expect(scene.summary.answer == "There are no queries.")
        scene.ask("h", of: "c", relevant: 4, answers: ["c0"])
        #expect(scene.summary.answer == "Every query returns the correct animal first.")
        scene.ask("m", of: "a", relevant: 4, answers: ["b0", "a0"], view: "right")
        scene.ask("n", of: "d", relevant: 4, answers: ["e0", "f0"])
        let places =
            "In 1 of 2 misses, the correct animal is at rank 2 to 5; in 0 it is further down, in 1 not among the 2 "
            + "photographs returned."
        #expect(
            scene.summary.answer
                == "Where the database has the query's view, the correct animal came first for 1 of 2 queries (50%); in "
                + "scenarios that compare different views on purpose, for 0 of 1 (0%). \(places)")
        #expect(scene.summary.nearMisses == 1 && scene.summary.absent == 1 && scene.summary.laterMisses == 0)
        #expect(scene.summary.photographs == 3)
        // The database has the view, but not of this animal.
        scene.add("b1", of: "b", view: "right")
        #expect(
            scene.summary.answer
                == "For 2 of 3 queries, another animal came first. 1 of them shows a view of the animal that the "
                + "database lacks: 100% of 1 such query missed, 50% of the other 2. \(places)")
    }

    @Test func `If all scenarios compare other views, the answer has no second kind`() {
        var scene = Scene()
        scene.queries = []
        for id in ["q", "r"] {
            scene.ask(id, of: "a", relevant: 4, answers: ["b0", "c0", "d0", "e0", "f0", "a0"], view: "right")
        }
        #expect(
            scene.summary.answer
                == "In scenarios that compare different views on purpose, the correct animal came first for 0 of 2 queries "
                + "(0%). In 0 of 2 misses, the correct animal is at rank 2 to 5; in 2 it is further down, in 0 not among "
                + "the 6 photographs returned.")
    }

    @Test func `A cause that depends on the query is counted among the hits as well`() throws {
        var scene = Self.measured(PhotographQuality(sharpness: 40))
        scene.ask("r", of: "c", relevant: 4, answers: ["c1"])
        scene.quality["r"] = PhotographQuality(sharpness: 30)
        let finder = scene.finder
        let tallies = finder.tallies(of: finder.rows())
        let blurred = try #require(tallies.first { $0.cause == .blurred })
        #expect(blurred.first == 1 && blurred.misses == 1 && blurred.hits == 1)
        #expect(tallies.map(\.first).reduce(0, +) == 1)
    }
}
