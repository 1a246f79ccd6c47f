import Basics
import Foundation
import Results
import Testing

@testable import Evaluation

struct SuspectTests {
    /// Photographs on a circle: the similarity is the cosine of the angle between them.
    private struct Shot {
        let whale: String
        let encounter: String
        var view = "top"
        let degrees: Double
    }

    private static func related(_ shots: [Shot]) -> RelatedPhotographs {
        let animals = Set(shots.map(\.whale)).sorted()
        func cosine(_ one: Int, _ other: Int) -> Double {
            Foundation.cos((shots[one].degrees - shots[other].degrees) * .pi / 180)
        }
        func nearest(_ position: Int, _ animal: String, inView: Bool) -> RelatedPhotographs.Near? {
            shots.indices.filter {
                shots[$0].whale == animal && shots[$0].encounter != shots[position].encounter
                    && (!inView || shots[$0].view == shots[position].view)
            }
            .map { .init(position: $0, score: cosine(position, $0)) }.max { $0.score < $1.score }
        }
        func table(inView: Bool) -> [[RelatedPhotographs.Near?]] {
            shots.indices.map { position in animals.map { nearest(position, $0, inView: inView) } }
        }
        let degrees = shots.map(\.degrees)
        return RelatedPhotographs(
            photographs: shots.enumerated().map {
                NamedPhotograph(
                    id: "p\($0)", whaleID: $1.whale, encounterID: $1.encounter, viewpoint: $1.view)
            },
            animals: animals, nearest: table(inView: false), nearestInView: table(inView: true),
            similarity: { Foundation.cos((degrees[$0] - degrees[$1]) * .pi / 180) })
    }

    /// Two encounters of two photographs around one angle.
    private static func whale(_ name: String, at degrees: Double, spread: Double = 4) -> [Shot] {
        [-1.5, -0.5, 0.5, 1.5].enumerated().map { number, step in
            Shot(whale: name, encounter: "\(name)-\(number / 2)", degrees: degrees + step * spread)
        }
    }

    @Test func `One animal under two names is found, and an animal that only looks alike is not`() throws {
        // a and b are interleaved; c is near, but its own photographs are nearer.
        let shots = Self.whale("a", at: 0, spread: 8) + Self.whale("b", at: 1, spread: 8) + Self.whale("c", at: 60)
        let suspects = Self.related(shots).mergeSuspects()
        #expect(suspects.map { [$0.whaleID, $0.otherWhaleID] } == [["a", "b"]])
        let suspect = try #require(suspects.first)
        #expect(suspect.kind == .merge && suspect.score >= 0.5 && suspect.decision == .undecided)
        #expect(suspect.evidence.contains("are nearest to the other name"), "\(suspect.evidence)")
        #expect(Self.related(Self.whale("a", at: 0) + Self.whale("c", at: 20)).mergeSuspects().isEmpty)
    }

    @Test func `Names that are near in only one direction are not suspect`() {
        // The photographs of b are nearest to a, those of a to its own.
        let shots = Self.whale("a", at: 0, spread: 2) + [Shot(whale: "b", encounter: "b", degrees: 12)]
        #expect(Self.related(shots).mergeSuspects().isEmpty)
    }

    @Test func `Names seen in one encounter come after others`() throws {
        var shots = Self.whale("a", at: 0, spread: 8) + Self.whale("b", at: 1, spread: 8)
        shots += Self.whale("c", at: 120, spread: 8) + Self.whale("d", at: 121, spread: 8)
        shots += [
            Shot(whale: "a", encounter: "both", degrees: 0.2), Shot(whale: "b", encounter: "both", degrees: 0.8),
            Shot(whale: "c", encounter: "c only", degrees: 120.2),
            Shot(whale: "d", encounter: "d only", degrees: 120.8),
        ]
        let suspects = Self.related(shots).mergeSuspects()
        #expect(suspects.map(\.whaleID) == ["c", "a"])
        #expect(try #require(suspects.last).evidence.hasSuffix("both were seen in 1 encounter"))
    }

    @Test func `Two animals under one name are split if other animals are between them`() throws {
        // y and z are between the halves of x, at 0 and 90 degrees.
        let x =
            Self.whale("x", at: 0, spread: 2)
            + Self.whale("x", at: 90, spread: 2).map {
                Shot(whale: "x", encounter: "far-" + $0.encounter, degrees: $0.degrees)
            }
        let suspects = Self.related(x + Self.whale("y", at: 20) + Self.whale("z", at: 70)).splitSuspects()
        let suspect = try #require(suspects.first)
        #expect(suspects.count == 1 && suspect.whaleID == "x" && suspect.otherWhaleID == "x-2")
        #expect(suspect.imageIDs == ["p4", "p5", "p6", "p7"])
        #expect(suspect.score == 1)
        // The group is at 90 degrees: z at 70 is nearer than y at 20.
        #expect(suspect.rival?.whaleID == "z" && suspect.rival?.imageID == "p15")
        // Of the group, the photograph at 93 degrees is nearer to z at 76 than to the rest at 3 by most.
        let comparison = try #require(suspect.rival?.comparison)
        #expect(comparison.imageID == "p7" && comparison.keptImageID == "p3")
        #expect(abs(comparison.similarity - Foundation.cos(17 * .pi / 180)) < 1e-12)
        #expect(abs(try #require(comparison.keptSimilarity)) < 1e-12)
        // Nothing is between: one animal that varies much.
        #expect(Self.related(x + Self.whale("y", at: 200) + Self.whale("z", at: 250)).splitSuspects().isEmpty)
    }

    /// Queries with the photographs that they returned.
    private static func rankings(_ queries: [(String, [String])]) -> Rankings {
        Rankings(
            queries: queries.enumerated().map { number, query in
                .init(
                    scenario: "s", id: "q\(number)", imageID: query.0,
                    answers: query.1.map { .init(imageID: $0, score: 1, isRelevant: nil) })
            })
    }

    @Test func `A single photograph is in doubt if the three most similar ones of its view show one other animal`()
        throws
    {
        // p0 to p3 of a, p4 to p7 of b, a left view p8 of a, p9 to p11 of c in a view of their own.
        let left = Shot(whale: "a", encounter: "a-left", view: "left", degrees: 5)
        let others = Self.whale("c", at: 90).prefix(3)
            .map { Shot(whale: "c", encounter: $0.encounter, view: "right", degrees: $0.degrees) }
        let related = Self.related(Self.whale("a", at: 0) + Self.whale("b", at: 11) + [left] + others)
        func found(_ query: String, _ ids: [String], besides: [IdentitySuspect] = []) -> [IdentitySuspect] {
            related.singleSuspects(Self.rankings([(query, ids)]), besides: besides)
        }
        let suspect = try #require(found("p3", ["p4", "p5", "p6", "p2"]).first)
        #expect(suspect.kind == .split && suspect.whaleID == "a" && suspect.otherWhaleID == "a-2")
        #expect(suspect.imageIDs == ["p3"] && suspect.score == 1)
        #expect(suspect.evidence == "the 3 photographs most similar to this photograph are top views of b")
        // p3 is at 6 degrees, the nearest of b at 5, and the nearest of a in another encounter at -2.
        let rival = try #require(suspect.rival)
        #expect(rival.whaleID == "b" && rival.imageID == "p4")
        #expect(rival.comparison?.imageID == "p3" && rival.comparison?.keptImageID == "p1")
        #expect(abs(try #require(rival.comparison?.similarity) - Foundation.cos(1 * .pi / 180)) < 1e-12)
        // Two animals, the own animal, another view, and too few.
        #expect(found("p3", ["p4", "p5", "p2"]).isEmpty)
        #expect(found("p3", ["p0", "p1", "p2"]).isEmpty)
        #expect(found("p3", ["p9", "p10", "p11"]).isEmpty)
        #expect(found("p3", ["p4", "p5"]).isEmpty)
        // p0 is nearer to the other encounter of a, which this database lacks.
        #expect(found("p0", ["p4", "p5", "p6"]).isEmpty)
        // The only photograph of its view has nothing to be compared with.
        #expect(found("p8", ["p4", "p5", "p6"]).isEmpty)
        // What is listed already.
        func listed(_ kind: IdentitySuspect.Kind, _ other: String) -> IdentitySuspect {
            .init(kind: kind, whaleID: "a", otherWhaleID: other, imageIDs: ["p3"], score: 1, evidence: "")
        }
        #expect(found("p3", ["p4", "p5", "p6"], besides: [listed(.split, "a-2")]).isEmpty)
        #expect(found("p3", ["p4", "p5", "p6"], besides: [listed(.merge, "b")]).isEmpty)
    }

    @Test func `Single photographs with one rival are one suspicion, with a name of its own`() {
        let related = Self.related(Self.whale("a", at: 0) + Self.whale("b", at: 0.5))
        let rankings = Self.rankings([
            ("p3", ["p4", "p5", "p6"]), ("p1", ["p5", "p4", "p6"]), ("p3", ["p4", "p5", "p7"]),
            ("p0", ["p1", "p2", "p4"]),
        ])
        let split = IdentitySuspect(
            kind: .split, whaleID: "a", otherWhaleID: "a-2", imageIDs: ["p2"], score: 1, evidence: "")
        let found = related.singleSuspects(rankings, besides: [split])
        #expect(found.map(\.imageIDs) == [["p1", "p3"]] && found.map(\.otherWhaleID) == ["a-3"])
        #expect(found.first?.evidence.contains("to each of these 2 photographs are top views of b") == true)
    }

    @Test func `Splits of one animal in two views have different names`() {
        func both(_ view: String) -> [Shot] {
            [("x", 0.0), ("x", 90), ("y", 20), ("z", 70)].flatMap { whale, degrees in
                Self.whale(whale, at: degrees, spread: 2).map {
                    Shot(whale: whale, encounter: "\(view)-\(degrees)-\($0.encounter)", view: view, degrees: $0.degrees)
                }
            }
        }
        #expect(
            Self.related(both("top") + both("left")).splitSuspects().map(\.otherWhaleID).sorted() == ["x-2", "x-3"])
    }

    @Test func `The most typical photograph is the medoid of its animal and view`() throws {
        let shots =
            [0, 10, 50].map { Shot(whale: "a", encounter: "a\($0)", degrees: Double($0)) }
            + [
                Shot(whale: "a", encounter: "l", view: "left", degrees: 10),
                Shot(whale: "b", encounter: "b", degrees: 9),
            ]
        let typical = Self.related(shots).typicalPhotographs()
        // Alone of its view, or of its animal, a photograph is compared with nothing.
        #expect(typical.map(\.imageID) == ["p0", "p1", "p2"])
        #expect(typical.max { $0.similarity < $1.similarity }?.imageID == "p1")
        let cosines = [10.0, 40].map { Foundation.cos($0 * .pi / 180) }
        #expect(abs(typical[1].similarity - (cosines[0] + cosines[1]) / 2) < 1e-12)
        // Photographs of an animal can be unlike: the file keeps the sign.
        let folder = FileManager.default.temporaryDirectory.appending(path: "typical-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let unlike = TypicalPhotograph(imageID: "p0", similarity: -0.125)
        try SearchFiles.typical.write([unlike], in: folder)
        #expect(try SearchFiles.typical.read(in: folder) == [unlike])
    }

    @Test func `Two sides of one animal are not two animals`() {
        let left = Self.whale("x", at: 90, spread: 2).map {
            Shot(whale: "x", encounter: "left-" + $0.encounter, view: "left", degrees: $0.degrees)
        }
        let shots = Self.whale("x", at: 0, spread: 2) + left + Self.whale("y", at: 20) + Self.whale("z", at: 70)
        #expect(Self.related(shots).splitSuspects().isEmpty)
    }

    @Test func `Names are questioned if the ranking finds the same animal first, not if it is at chance`() throws {
        let apart = Self.related((0..<6).flatMap { Self.whale("w\($0)", at: Double($0) * 60) })
        let good = RankingQuality(apart, trained: [])
        #expect(good.asked == 24 && good.top1 == 1 && good.reason == nil)
        // Two of the 22 in other encounters.
        #expect(abs(good.chance - 2.0 / 22) < 1e-12)
        #expect(good.views == ["top": .init(asked: 24, top1: 1)])
        #expect(abs(good.needed - (good.chance + 0.2 * (1 - good.chance))) < 1e-12)
        // Each encounter is next to that of another animal.
        let mixed = Self.related(
            (0..<12).flatMap { number in
                [0, 100].map { start in
                    Shot(whale: "w\(number)", encounter: "\(number)-\(start)", degrees: Double(start + number))
                }
            })
        let poor = RankingQuality(mixed, trained: [])
        #expect(poor.top1 == 0)
        let reason = "the ranking finds the same animal first for 0% of photographs; at least 23% is needed"
        #expect(poor.reason == reason)
    }

    @Test func `Training photographs count only if there are too few others`() {
        let related = Self.related((0..<12).flatMap { Self.whale("w\($0)", at: Double($0) * 30) })
        let some = RankingQuality(related, trained: Set((0..<28).map { "p\($0)" }))
        #expect(some.asked == 20 && !some.includesTrained)
        let most = RankingQuality(related, trained: Set((0..<29).map { "p\($0)" }))
        #expect(most.asked == 48 && most.includesTrained)
        let few = RankingQuality(Self.related(Self.whale("a", at: 0)), trained: [])
        #expect(few.reason?.hasPrefix("only 4 photographs have another one of the same animal") == true)
    }

    @Test func `Decisions read back from the file, and an unknown word is refused with its line`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "suspects-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: url) }
        let suspect = IdentitySuspect(
            kind: .split, whaleID: "a", otherWhaleID: "a-2", imageIDs: ["p1", "p2"], score: 0.75,
            evidence: "x, y; \"z\"", decision: .accept,
            rival: .init(
                whaleID: "=b", imageID: "p3",
                comparison: .init(imageID: "p1", similarity: 0.75, kept: ("@p4", 0.5))))
        try SuspectTable.write([suspect], to: url)
        let read = try SuspectTable.read(url)
        #expect(read.map(\.suspect) == [suspect] && read.map(\.line) == [2])
        let text = try String(contentsOf: url, encoding: .utf8)
        try AtomicFile.write(text.replacing(",accept", with: ", Accept "), to: url)
        #expect(try SuspectTable.read(url).first?.suspect.decision == .accept)
        try AtomicFile.write(text.replacing(",accept", with: ",maybe"), to: url)
        #expect { try SuspectTable.read(url) } throws: {
            "\($0)".contains(":2: 'maybe' in column decision is not accept, reject or empty. Correct the cell.")
        }
    }
}
