import Basics
import Catalog
import Evaluation
import Foundation
import Testing

@testable import Results

/// Probabilities compared with people's decisions.
@Suite struct DecidedCalibrationTests {
    private static func decision(
        _ id: String, _ image: String, _ probability: Double?, _ verdict: PairDecision.Verdict,
        by reviewer: String = "Anna", whale: String = "w"
    ) -> PairDecision {
        PairDecision(
            id: id, time: "", reviewer: reviewer, verdict: verdict,
            question: PairQuestion(
                source: .season, queryImageID: image, queryWhaleID: nil, imageID: "b", whaleID: whale,
                probability: probability), shownImageIDs: [], shown: "", seconds: nil)
    }

    /// `same` pairs of one animal and `different` ones of two, all with one probability.
    private static func decisions(_ same: Int, _ different: Int, _ probability: Double) -> [PairDecision] {
        (0..<same + different).map { decision("\($0)", "p\($0)", probability, $0 < same ? .same : .different) }
    }

    @Test func `Probabilities are compared with what people agreed on`() throws {
        let found = try #require(
            DecidedCalibration([
                Self.decision("1", "a", 0.75, .same), Self.decision("2", "b", 0.5, .different),
                Self.decision("3", "c", 0.25, .new), Self.decision("4", "d", 0.5, .cannotTell),
                Self.decision("5", "e", nil, .same), Self.decision("6", "f", 0.5, .same),
                Self.decision("7", "f", 0.5, .different, by: "Ben"), Self.decision("8", "g", 0.5, .notUsable),
            ]))
        #expect(found.pairs == 3 && found.same == 1 && found.expected == 0.5 && found.decided == 1.0 / 3)
        #expect(found.brier == (0.0625 + 0.25 + 0.0625) / 3)
        #expect(found.correctBrier == (0.1875 + 0.25 + 0.1875) / 3)
        #expect(found.disputed == 1 && found.unclear == 1 && found.rivals == 0)
        #expect(found.bins.map(\.range.lowerBound) == [0.2, 0.4, 0.6] && found.bins.map(\.decided) == [0, 0, 1])
        #expect(!found.isEnough && found.text.contains("too few for a verdict, which needs 20 pairs of one animal"))
        #expect(
            found.lines.last
                == "left out: 1 pair on which people disagree, 1 pair about which nobody could tell")
        #expect(DecidedCalibration([Self.decision("1", "a", nil, .same)]) == nil)
    }

    @Test func `Later decisions win, and undone ones are out`() throws {
        let undo = PairDecision(
            id: "4", time: "", reviewer: "Anna", verdict: .undo, question: Self.decision("", "b", nil, .same).question,
            shownImageIDs: [], shown: "", seconds: nil, undoneID: "3")
        let found = try #require(
            DecidedCalibration([
                Self.decision("1", "a", 0.75, .same), Self.decision("2", "a", 0.75, .different),
                Self.decision("3", "b", 0.5, .same), undo,
            ]))
        #expect(found.pairs == 1 && found.same == 0)
    }

    @Test func `A photograph of another animal of the catalogue counts against its first candidate, and is reported`()
        throws
    {
        let found = try #require(
            DecidedCalibration([
                Self.decision("1", "a", 0.9, .different), Self.decision("2", "a", nil, .same, whale: "v"),
                Self.decision("3", "b", 0.9, .different),
            ]))
        #expect(found.pairs == 2 && found.rivals == 1)
        #expect(found.lines.last?.hasPrefix("1 photograph shows another animal of the catalogue") == true)
    }

    /// The range that chance explains is 0.9 ± 1.96 √(0.9 · 0.1 / 40) = 0.807 to 0.993 for 40 pairs.
    @Test func `A difference beyond chance is called one, from twenty pairs of each kind on`() throws {
        let high = try #require(DecidedCalibration(Self.decisions(20, 20, 0.9)))
        #expect(abs(high.explained.lowerBound - 0.80703) < 1e-5 && abs(high.explained.upperBound - 0.99297) < 1e-5)
        #expect(
            high.text
                == "40 decided pairs have a probability: one animal was expected for 90% and decided for 50%, less than "
                + "chance explains (95%: 81% to 99%): the probabilities are too high for these photographs; Brier score "
                + "0.410, of correct probabilities 0.090")
        let low = try #require(DecidedCalibration(Self.decisions(30, 20, 0.3)))
        #expect(low.text.contains("more than chance explains"))
        let right = try #require(DecidedCalibration(Self.decisions(21, 20, 0.5)))
        #expect(right.text.contains("which chance explains"))
        #expect(try !#require(DecidedCalibration(Self.decisions(100, 19, 0.5))).isEnough)
    }

    /// SciPy 1.17, `binomtest(k, n).proportion_ci(method="wilson")`.
    @Test(arguments: [(20, 40, 0.351995, 0.648005), (0, 3, 0, 0.561497), (3, 3, 0.438503, 1)])
    func `The interval of a bin is Wilson's`(same: Int, pairs: Int, low: Double, high: Double) throws {
        let bin = try #require(DecidedCalibration(Self.decisions(same, pairs - same, 0.5))?.bins.first)
        // The quantile is 1.96 here and 1.959964 there.
        #expect(abs(bin.interval.lowerBound - low) < 2e-5 && abs(bin.interval.upperBound - high) < 2e-5)
    }

    @Test func `A probability of 1 is in the last bin`() throws {
        let bin = try #require(DecidedCalibration(Self.decisions(1, 0, 1))?.bins.first)
        #expect(bin.range.contains(0.9))
    }

    // MARK: Suspects as questions

    private static let catalog = Catalog(
        directory: URL(filePath: "/nowhere"),
        photographs: [("a1", "a", Viewpoint.top), ("a2", "a", .left), ("a3", "a", .left), ("b1", "b", .top)].map {
            Photograph(
                id: $0.0, path: "\($0.0).jpg", height: 1, width: 1, viewpoint: $0.2, date: nil, whaleID: $0.1,
                encounterID: nil)
        })

    @Test func `A suspected merge is about both names, a split about a photograph of each part`() throws {
        let merge = IdentitySuspect(
            kind: .merge, whaleID: "a", otherWhaleID: "b", imageIDs: ["b1", "a2"], score: 1, evidence: "")
        let question = try #require(PairQuestion(merge, in: Self.catalog))
        #expect(question.subject == .names("a", "b"))
        #expect(question.queryImageID == "b1" && question.imageID == "a2")
        let split = IdentitySuspect(
            kind: .split, whaleID: "a", otherWhaleID: "a-2", imageIDs: ["a3"], score: 1, evidence: "")
        // Of those that stay, the one with the same view.
        #expect(PairQuestion(split, in: Self.catalog)?.subject == .photographs("a2", "a3"))
        let gone = IdentitySuspect(
            kind: .merge, whaleID: "a", otherWhaleID: "c", imageIDs: ["b1", "a2"], score: 1, evidence: "")
        #expect(PairQuestion(gone, in: Self.catalog) == nil)
    }
}
