import Basics
import Testing

@testable import Evaluation

/// What training did to a ranking, and what a run says of it.
struct TrainingEffectTests {
    /// Results of `animals` animals with three queries each, the right answer at rank 1 or at rank 2.
    private static func results(animals: Int = 20, isFirst: (_ animal: Int) -> Bool) -> [QueryResult] {
        (0..<animals).flatMap { animal in
            (0..<3).map { query in
                QueryResult(
                    scenario: "s", queryID: "q\(animal)-\(query)", imageID: "i\(animal)-\(query)",
                    whaleID: "w\(animal)", relevant: 1,
                    answers: [
                        .init(score: 1, isRelevant: isFirst(animal)), .init(score: 0.5, isRelevant: !isFirst(animal)),
                    ])
            }
        }
    }

    private func effect(without: [QueryResult], with: [QueryResult]) throws -> TrainingEffect {
        func map(_ results: [QueryResult]) throws -> Double {
            try #require(Summary(results, resamples: 0, seed: 0)).map
        }
        return try #require(
            TrainingEffect(
                without: without, with: with, seedsWithout: [map(without)], seedsWith: [map(with)], seed: 1))
    }

    @Test func `A training that lowers every animal's score is worse, and the advice says to leave it out`() throws {
        let worse = try effect(without: Self.results { _ in true }, with: Self.results { _ in false })
        #expect(worse.verdict == .worse)
        #expect(
            worse.finding == "mAP@20 1.000 without training, 0.500 after: worse (paired by animal, p < 0.001, one seed)"
        )
        #expect(worse.advice?.contains("train.kind: none") == true)
    }

    @Test func `A training that helps needs no advice, and one that changes nothing is undecided`() throws {
        let better = try effect(without: Self.results { _ in false }, with: Self.results { _ in true })
        #expect(better.verdict == .better && better.advice == nil)
        let same = try effect(without: Self.results { $0 < 10 }, with: Self.results { $0 < 10 })
        #expect(same.verdict == .undecided && same.advice != nil)
        #expect(same.finding.contains("0.750 without training, 0.750 after: undecided"))
    }

    @Test func `The form in evaluation.json reads back as it was`() throws {
        let effect = try effect(without: Self.results { $0 < 5 }, with: Self.results { $0 < 15 })
        #expect(TrainingEffect(effect.json) == effect)
        #expect(TrainingEffect(JSONValue.null) == nil && TrainingEffect(nil) == nil)
    }

    @Test func `Without an answerable query there is no effect`() {
        let result = QueryResult(
            scenario: "s", queryID: "q", imageID: "i", whaleID: "w", relevant: 0,
            answers: [.init(score: 1, isRelevant: false)])
        #expect(TrainingEffect(without: [result], with: [result], seedsWithout: [], seedsWith: [], seed: 1) == nil)
    }

    // MARK: The headline

    @Test func `A headline says whether training helped, and warns of a flattering split`() throws {
        let worse = try effect(without: Self.results { _ in true }, with: Self.results { _ in false })
        let headline = Headline(["training": worse.json, "contract": ["encounters_known": false]])
        #expect(headline.text.hasPrefix("mAP@20 1.000 without training, 0.500 after: worse"))
        #expect(headline.text.contains("No encounters are known"))
        #expect(headline.text.hasSuffix("before you use this model."))
    }

    @Test func `A headline without training gives the score with its interval`() {
        let headline = Headline([
            "training": .null,
            "contract": ["metric": "mAP@20", "queries": 189, "trained": false, "encounters_known": true],
            "pooled": ["map": 0.0334, "top1": 0.042, "interval": [0.0219, 0.0471]],
        ])
        #expect(
            headline.text
                == "mAP@20 0.033 (95% interval 0.022 to 0.047) over 189 queries; the right animal is first for 4%. "
                + "Nothing was trained.")
    }

    @Test func `A headline says so where nothing could be scored`() {
        #expect(Headline(.object([:])).text == "No query has an answer in the database, so there is no score.")
    }
}
