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
        #expect(worse.advice?.contains("train.kind: none") == true)
    }

    @Test func `With several seeds the scores are means over them`() throws {
        let (worse, better) = (Self.results { $0 < 5 }, Self.results { _ in true })
        let effect = try #require(
            TrainingEffect(
                without: worse, with: better, seedsWithout: [0.625, 0.5], seedsWith: [1, 0.875], seed: 1))
        #expect(effect.finding.hasPrefix("training raises mAP@20, averaged over seeds, from 0.562 to 0.938 (95%"))
        #expect(!effect.finding.contains("one seed"))
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

    @Test func `A headline begins with the score, says whether training helped, and warns of a flattering split`()
        throws
    {
        let results = Self.results { _ in false }
        let worse = try effect(without: Self.results { _ in true }, with: results)
        let headline = Headline(Self.evaluation(results, encountersKnown: false, training: worse))
        #expect(
            headline.text.hasPrefix(
                "mAP@20 is 0.500 over 60 queries of 1 scenario; the correct animal comes first for 0.0%. No encounters are "
                    + "known: the score is too high if query and match were taken together. Training lowers mAP@20 from "
                    + "1.000 to 0.500 (95%"))
        #expect(headline.parts == nil && headline.training?.hasSuffix("one seed).") == true)
        #expect(headline.advice?.hasSuffix("before you use this model.") == true)
    }

    @Test func `A headline without training gives the score with its interval`() throws {
        let results = Self.results { $0 < 5 }
        let headline = Headline(Self.evaluation(results, trained: false, resamples: 200))
        let summary = try #require(Summary(results, resamples: 200, seed: 1))
        let ends = NumberText.interval(try #require(summary.interval), 3)
        #expect(
            headline.text
                == "mAP@20 is \(NumberText.fixed(summary.map, 3)) (95% interval \(ends)) over \(results.count) queries of 1 "
                + "scenario; the correct animal comes first for 25.0%. Nothing was trained.")
    }

    @Test func `A headline says so if nothing could be scored`() {
        #expect(Headline(Self.evaluation([])).text == "No query has a match in the database, so there is no score.")
    }

    /// The rankings by networks, marks and both, of evaluations in which the first `right` animals are found.
    private static func fusion(
        untrained: Int? = nil, network: Int, marks: Int, both: Int, isEnsemble: Bool = false
    ) -> FusionMeasures {
        func ranking(_ name: FusionMeasures.Name, _ right: Int) -> FusionMeasures.Ranking {
            FusionMeasures.Ranking(
                name: name, pooled: Summary(results { $0 < right }, resamples: 0, seed: 0), otherEncounters: nil,
                scenarios: [:], viewpoints: [:])
        }
        func test(_ name: FusionMeasures.Name, _ old: Int, _ new: Int) -> FusionMeasures.Test {
            func rows(_ right: Int) -> [QueryRow] {
                results { $0 < right }.map { QueryRow($0, before: $0, viewpoint: "") }
            }
            return .init(name, Comparison(old: rows(old), new: rows(new), oldSeeds: [], newSeeds: []))
        }
        let cosines = (0..<20).map { _ in
            Fusion.Query(
                cosines: [.plain: [0.9, 0.1]], local: [.init(marks: 1, geometry: 1), .none], isSame: [true, false])
        }
        return FusionMeasures(
            Fusion(cosines, by: .logistic, geometry: nil),
            untrained: untrained.flatMap { ranking(.network, $0).pooled }, network: ranking(.network, network),
            marks: ranking(.marks, marks), both: ranking(.both, both),
            tests: .init(
                marks: test(.marks, network, marks), both: test(.both, network, both),
                network: test(.both, marks, both),
                training: untrained.map { test(.network, $0, network) }),
            isEnsemble: isEnsemble, validationTraining: nil)
    }

    @Test func `The finding about marks and networks names what carries the score, and tests what each adds`() {
        #expect(
            Self.fusion(network: 2, marks: 14, both: 15).finding
                == "Before query extension, mAP@20 is 0.850 by marks alone, 0.550 by the network alone and 0.875 by both: "
                + "marks add 0.325 to the network (p < 0.001); whether the network improves on marks alone is undecided "
                + "(+0.025, p = 1.00; p must be below 0.01).")
        #expect(
            Self.fusion(network: 2, marks: 10, both: 20, isEnsemble: true).finding.hasSuffix(
                "0.550 by the networks alone and 1.000 by both: marks add 0.450 to the networks (p < 0.001); the networks "
                    + "add 0.250 to marks (p = 0.002)."))
        let reverse = Self.fusion(network: 14, marks: 2, both: 2).finding
        #expect(reverse.contains("by both: marks make the ranking by the network worse (−0.300, p"))
        #expect(Self.fusion(network: 4, marks: 4, both: 4).finding.hasPrefix("Before query extension, mAP@20 is 0.600"))
    }

    @Test func `What training changes for the networks alone is tested`() {
        func finding(_ untrained: Int?, _ network: Int, isEnsemble: Bool = false) -> String? {
            Self.fusion(untrained: untrained, network: network, marks: 4, both: 4, isEnsemble: isEnsemble)
                .trainingFinding
        }
        #expect(finding(2, 14) == "Training raises mAP@20 of the network alone from 0.550 to 0.850 (p < 0.001).")
        #expect(
            finding(14, 2, isEnsemble: true)
                == "Training lowers mAP@20 of the networks alone from 0.850 to 0.550 (p < 0.001).")
        #expect(
            finding(4, 5)
                == "Training changes mAP@20 of the network alone from 0.600 to 0.625, which may be chance (p = 1.00).")
        #expect(finding(4, 4) == "Training leaves mAP@20 of the network alone at 0.600.")
        #expect(finding(nil, 4) == nil)
    }

    @Test func `A result of before the networks' share was tested is read`() throws {
        let fusion = Self.fusion(network: 2, marks: 4, both: 6)
        var members = try #require(try JSONValue(encoding: fusion).object)
        var tests = try #require(members["tests"]?.object)
        #expect(tests.removeValue(forKey: "network")?["name"]?.string == "both")
        members["tests"] = .object(tests)
        for name in ["ensemble", "validation_training", "validation"] { members[name] = nil }
        let old = try JSONValue.object(members).decoded(as: FusionMeasures.self)
        #expect(
            old.tests.network == nil && old.tests.both == fusion.tests.both
                && old.title(of: .network) == "networks alone")
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
