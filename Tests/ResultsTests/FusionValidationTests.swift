import Testing

@testable import Evaluation
@testable import Results

/// Whether validation ranks marks and networks as the test does, in sentences.
struct FusionValidationTests {
    /// Queries of which a share has the right match at rank 1, and the others at rank 2.
    private static func summary(_ first: Int, of queries: Int) -> Summary? {
        Summary(
            (0..<queries).map { number in
                QueryResult(
                    scenario: "s", queryID: "q\(number)", imageID: "i\(number)", whaleID: "w\(number)", relevant: 1,
                    answers: [
                        .init(score: 1, isRelevant: number < first), .init(score: 0.5, isRelevant: number >= first),
                    ])
            }, resamples: 0, seed: 0)
    }

    /// Ten queries, of which two show an animal with many training photographs.
    private static func ranking(
        _ name: FusionMeasures.Name, first: Int, many: Int, training: Bool = true
    ) -> FusionMeasures.Ranking {
        .init(
            name: name, pooled: summary(first, of: 10), otherEncounters: nil, scenarios: [:], viewpoints: [:],
            training: training
                ? ["many": summary(many, of: 2), "unseen": summary(first - many, of: 8)].compactMapValues(\.self) : nil)
    }

    /// Measures in which marks lead on the test, and the network among animals with many training photographs.
    private static func measures(
        network: (validation: Double, first: Int, many: Int) = (0.75, 4, 2),
        marks: (validation: Double, first: Int, many: Int) = (0.5, 6, 0), both: Int = 8, parts: [Fusion.Part]? = nil,
        validationTraining: [String: Int] = ["many": 9, "few": 1], isEnsemble: Bool = false, isTrained: Bool = true
    ) throws -> FusionMeasures {
        func test(_ name: FusionMeasures.Name) -> FusionMeasures.Test {
            .init(name, Comparison(old: [], new: [], oldSeeds: [], newSeeds: []))
        }
        var measures = FusionMeasures(
            Fusion(absence: "to be replaced"),
            network: ranking(.network, first: network.first, many: network.many, training: isTrained),
            marks: ranking(.marks, first: marks.first, many: marks.many, training: isTrained),
            both: ranking(.both, first: both, many: 2, training: isTrained),
            tests: .init(marks: test(.marks), both: test(.both), network: test(.both)), isEnsemble: isEnsemble,
            validationTraining: isTrained ? validationTraining : nil)
        #expect(measures.validation == nil, "nothing was chosen")
        measures.absence = nil
        measures.validationQueries = 10
        measures.parts = parts ?? [.network, .marks]
        measures.choices = [
            .init(parts: [.network, .marks], map: 0.875, top1: 1),
            .init(parts: [.network], map: network.validation, top1: 1),
            .init(parts: [.marks, .geometry], map: marks.validation, top1: 1),
            .init(parts: [.marks], map: 0.25, top1: 1),
        ]
        return measures
    }

    @Test func `If the lead differs, the training photographs of the animals are the reason if the record shows that`()
        throws
    {
        #expect(
            try Self.measures().validationFinding
                == "On 10 validation photographs, the network leads by mAP@20, unlike on the test: 0.750 by the "
                + "network alone and 0.500 by marks alone, so a choice made on validation may favour the network. "
                + "One reason: 90% of the validation photographs show an animal with 5 or more "
                + "training photographs, but only 20% of the test's queries do. With so many, the network leads on the test, "
                + "too (1.000 against 0.500); with none, marks lead (0.875 against 0.625). By mAP@20, both together are best "
                + "in both places, so the choice to join them holds; both scores have the same weight, which was not tuned."
        )
    }

    @Test func `Without a reason in the record there is none`() throws {
        let unknown = "This run does not show why."
        let untrained = try Self.measures(isTrained: false).validationFinding
        let asMany = try Self.measures(validationTraining: ["many": 2, "unseen": 8]).validationFinding
        let trailing = try Self.measures(network: (0.75, 4, 0), marks: (0.5, 6, 1)).validationFinding
        let reverse = try Self.measures(network: (0.5, 6, 2), marks: (0.75, 4, 0)).validationFinding
        for finding in [untrained, asMany, trailing, reverse] { #expect(finding?.contains(unknown) == true) }
        #expect(reverse?.contains("On 10 validation photographs, marks lead by mAP@20, unlike on the test") == true)
    }

    @Test func `If validation agrees, one sentence says so`() throws {
        #expect(
            try Self.measures(marks: (0.8, 6, 0), isEnsemble: true).validationFinding
                == "On 10 validation photographs, marks lead by mAP@20, as on the test: 0.750 by the networks alone "
                + "and 0.800 by marks alone. By mAP@20, both together are best in both places, so the choice to join them holds; "
                + "both scores have the same weight, which was not tuned.")
    }

    @Test func `The sentence says in both places that marks put the correct animal first most often`() throws {
        // Both together have more matches among the first two, but fewer at the first place.
        var measures = try Self.measures(both: 5)
        measures.marks.pooled = Summary(
            (0..<10).map { number in
                QueryResult(
                    scenario: "s", queryID: "q\(number)", imageID: "i\(number)", whaleID: "w\(number)", relevant: 1,
                    answers: [
                        .init(score: 1, isRelevant: number < 6), .init(score: 0.5, isRelevant: false),
                    ])
            }, resamples: 0, seed: 0)
        #expect(
            measures.validationFinding?.hasSuffix(
                "not tuned. But marks alone put the correct animal first more often on the test (for 60.0% of the queries "
                    + "against 50.0%) but not on validation (100.0% against 100.0%). These shares were not tested.")
                == true)
    }

    @Test func `A choice that does not hold on the test is named`() throws {
        let worse = try Self.measures(both: 5).validationFinding
        #expect(
            worse?.hasSuffix(
                "Validation chose both together, but on the test marks lead without the network: 0.800 against 0.750.")
                == true)
        #expect(try Self.measures(parts: [.network]).validationFinding?.hasSuffix("chose the network alone.") == true)
        #expect(try Self.measures(parts: [.marks]).validationFinding?.hasSuffix("chose marks alone.") == true)
    }

    @Test func `Five training photographs are many`() {
        #expect([0, 1, 4, 5, 80].map { TrainingPhotographs(count: $0) } == [.unseen, .few, .few, .many, .many])
    }
}
