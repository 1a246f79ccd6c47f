import Basics
import Results
import Testing

@testable import Evaluation

/// The effect of training on a ranking, and the headline of a run.
struct TrainingEffectTests {
    /// Results of `animals` animals with three queries each, the right match at rank 1 or at rank 2.
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

    @Test func `A training that lowers every animal's score is worse, and the advice is to leave it out`() throws {
        let worse = try effect(without: Self.results { _ in true }, with: Self.results { _ in false })
        #expect(worse.verdict == .worse)
        #expect(
            worse.finding == "training lowers mAP@20 from 1.000 to 0.500 (95% interval of the change −0.500 to −0.500, "
                + "p < 0.001, one seed)")
        #expect(worse.finding(of: "with marks").hasPrefix("training lowers mAP@20 with marks from"))
        #expect(worse.advice?.contains("train.kind: none") == true)
    }

    @Test func `A training that helps needs no advice, and one that changes nothing is undecided`() throws {
        let better = try effect(without: Self.results { _ in false }, with: Self.results { _ in true })
        #expect(better.verdict == .better && better.advice == nil)
        let same = try effect(without: Self.results { $0 < 10 }, with: Self.results { $0 < 10 })
        #expect(same.verdict == .undecided && same.advice != nil)
        #expect(
            same.finding.hasPrefix(
                "whether training helps is undecided: mAP@20 is 0.750 without it and 0.750 with it (95% interval"))
        #expect(same.finding.hasSuffix("p = 1.00; with one seed, p must be below 0.01)"))
    }

    @Test func `The form in evaluation.json reads back unchanged`() throws {
        let effect = try effect(without: Self.results { $0 < 5 }, with: Self.results { $0 < 15 })
        let json = try JSONValue(encoding: effect)
        #expect(try json.decoded(as: TrainingEffect.self) == effect)
        #expect(json["finding"]?.string == effect.finding)
    }

    @Test func `Without an answerable query there is no effect`() {
        let result = QueryResult(
            scenario: "s", queryID: "q", imageID: "i", whaleID: "w", relevant: 0,
            answers: [.init(score: 1, isRelevant: false)])
        #expect(TrainingEffect(without: [result], with: [result], seedsWithout: [], seedsWith: [], seed: 1) == nil)
    }

    // MARK: The headline

    /// An evaluation of some queries.
    private static func evaluation(
        _ results: [QueryResult], trained: Bool = true, encountersKnown: Bool = true, training: TrainingEffect? = nil,
        resamples: Int = 0
    ) -> EvaluationResult {
        let summary = Summary(results, resamples: resamples, seed: 1)
        let spread = Spread([(part: 1, value: summary?.map ?? 0)])
        let finder = CauseFinder(
            queries: [], photographs: [], databases: [:], training: [], quality: [:], hashes: [:], hashLimit: 0,
            suspects: [])
        return EvaluationResult(
            contract: EvaluationContract(
                metric: "mAP@20", k: 20, returned: 20, queries: results.count(where: \.isAnswerable),
                asked: results.count, scenarios: 1, sameEncounter: "", encountersKnown: encountersKnown,
                trained: trained, queriesDigest: "", databaseDigest: "", splitDigest: "",
                run: .init(seed: 1, fold: 0), brokenPhotographs: nil),
            pooled: Measured(summary, Spreads(seeds: spread, folds: spread, curveIntervals: nil)), scenarios: [:],
            viewpoints: [], animals: [:], populations: Populations(known: nil, unseen: nil), untrained: nil,
            training: training,
            expanded: ExpandedMeasures(
                steps: [], before: nil, after: nil, effect: ExpansionEffect(gained: 0, lost: 0, unchanged: 0)),
            bridge: nil, members: nil, summed: nil, novelty: NoveltyMeasures(Novelty([], resamples: 0, seed: 1)),
            causes: finder.summary(of: []))
    }

    @Test func `A headline says whether training helped, and warns of a flattering split`() throws {
        let results = Self.results { _ in false }
        let worse = try effect(without: Self.results { _ in true }, with: results)
        let headline = Headline(Self.evaluation(results, encountersKnown: false, training: worse))
        #expect(headline.text.hasPrefix("Training lowers mAP@20 from 1.000 to 0.500"))
        #expect(headline.text.contains("No encounters are known"))
        #expect(headline.advice?.hasSuffix("before you use this model.") == true)
    }

    @Test func `A headline without training gives the score with its interval`() throws {
        let results = Self.results { $0 < 5 }
        let headline = Headline(Self.evaluation(results, trained: false, resamples: 200))
        let summary = try #require(Summary(results, resamples: 200, seed: 1))
        let ends = NumberText.interval(try #require(summary.interval), 3)
        #expect(
            headline.text
                == "mAP@20 \(NumberText.fixed(summary.map, 3)) (95% interval \(ends)) over \(results.count) queries; "
                + "the correct animal is first for 25%. Nothing was trained.")
    }

    @Test func `A headline says so if nothing could be scored`() {
        #expect(Headline(Self.evaluation([])).text == "No query has a match in the database, so there is no score.")
    }

    @Test func `An evaluation reads back as written`() throws {
        let results = Self.results { $0 < 5 }
        for evaluation in [
            Self.evaluation([]),
            Self.evaluation(results, training: try effect(without: results, with: results), resamples: 20),
        ] {
            #expect(try JSONValue(encoding: evaluation).decoded(as: EvaluationResult.self) == evaluation)
        }
    }
}
