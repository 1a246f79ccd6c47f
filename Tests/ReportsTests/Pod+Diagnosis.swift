import Basics
import Evaluation
import Foundation
import Results

@testable import Reports

/// Causes, suspects and calibration of the pod.
extension Pod {
    static let viewpoints: JSONValue = [
        measures(0.25, 0.5, nil, nil, queries: 2, ["query": "left", "database": "top"]),
        measures(0.75, 0.5, nil, nil, queries: 2, ["query": "top", "database": "top"]),
    ]

    static let causes: JSONValue = [
        "contract": "A query misses if its first match is wrong.", "misses": 2, "hits": 2,
        "near_misses": 1, "later_misses": 0, "photographs": 4,
        "absent": 1, "answer": "For 2 of 4 queries, another animal came first.",
        "look_alikes": [
            [
                "whale_id": "whale 2", "other_whale_id": "whale 3",
                "there": ["count": 2, "same_view": 1, "query_image_id": "w2p3", "database_image_id": "w3p1"],
                "back": ["count": 1, "same_view": 0, "query_image_id": "w3p4", "database_image_id": "w2p2"],
            ]
        ],
        "hubs": [["image_id": "w1p1", "scenario": "left|top", "wrong": 9, "queries": 9, "mean": 1.25]],
        "causes": [
            [
                "cause": "few-answers", "title": "few photographs in the database", "first": 1, "misses": 1, "hits": 2,
                "share": 0.5,
            ],
            ["cause": "hub", "title": "hub", "first": 1, "misses": 2, "hits": nil, "share": 0.5],
            ["cause": "dark", "title": "dark", "first": 0, "misses": 0, "hits": 1, "share": 0],
        ],
    ]

    static let novelty: JSONValue = [
        "threshold": 0.5, "auroc": 0.875, "baus": 0.75, "known_found": 0.5, "calibration_error": 0.0625,
        "baus_interval": [0.5, 1], "known_found_interval": [0.25, 0.75], "baus_unanswerable": nil, "questions": 4,
        "brier": 0.125,
    ]

    /// Gives the evaluation 8 misses and 4 hits across views and some of other queries, each kind with one factor.
    func writeKinds(of cause: String, others: (misses: Double, hits: Double)) throws {
        func kind(_ misses: Double, _ hits: Double) -> JSONValue {
            [
                "misses": .number(misses), "hits": .number(hits),
                "causes": [
                    [
                        "cause": .string(cause), "title": .string(cause), "first": 2, "misses": 2, "share": 0.25,
                        "hits": 1,
                    ]
                ],
            ]
        }
        let kinds = ["across_views": kind(8, 4), "others": kind(others.misses, others.hits)]
        let causes = (Self.causes.object ?? [:]).merging(kinds) { $1 }
        let evaluation = (Self.evaluation.object ?? [:]).merging(["causes": .object(causes)]) { $1 }
        try write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
    }

    func writeDiagnosis() throws {
        try EvaluateFiles.causes.write(
            [
                .init(
                    scenario: "top-top", queryID: "top-top-w2p3", imageID: "w2p3", cause: .fewAnswers, order: 1,
                    evidence: "the database has 1 photograph of whale 2"),
                .init(
                    scenario: "top-top", queryID: "top-top-w2p3", imageID: "w2p3", cause: .hub, order: 2,
                    evidence: "w3p1 again"),
                .init(
                    scenario: "left|top", queryID: "left|top-w4p4", imageID: "w4p4", cause: .hub, order: 1,
                    evidence: "w1p1 is wrong in 9 of 9 queries"),
            ], in: root.appending(path: "store/evaluate"))
        try SuspectTable.write(
            [
                .init(
                    kind: .merge, whaleID: "whale 1", otherWhaleID: "whale 3", imageIDs: ["w1p1", "w3p2"], score: 0.6,
                    evidence: "3 of 5 photographs of whale 1 and 4 of 5 of whale 3 are nearest to the other name"),
                .init(
                    kind: .split, whaleID: "whale 2", otherWhaleID: "whale 2-2", imageIDs: ["w2p3"], score: 0.9,
                    evidence: "two groups"),
            ], to: root.appending(path: "store/search/suspects.csv"))
        let empty: JSONValue = ["from": 0, "to": 0.1, "count": 0, "probability": nil, "share": nil]
        let calibration: JSONValue = [
            "calibration": ["threshold": 0.5, "slope": 4, "offset": -2], "reason": nil, "validation": nil,
            "learned_from": ["photographs": 20, "animals": 10],
            "test": [
                "questions": 4, "animals": 4, "auroc": 0.875, "known_found": 0.5, "baus": 0.75, "unanswerable": 0,
                "calibration_error": 0.0625, "brier": 0.125,
                "reliability": [
                    empty, ["from": 0.2, "to": 0.3, "count": 5, "probability": 0.25, "share": 0.2],
                    ["from": 0.8, "to": 0.9, "count": 3, "probability": 0.85, "share": 1],
                ],
            ],
            "contract": ["questions": "each photograph is a query twice", "fit": "half fits", "test": "the scenarios"],
        ]
        try write(calibration, to: EvaluateFiles.calibration, in: "evaluate")
    }

    /// The ranks of three queries' right photographs in the whole database.
    func writeRightRanks() throws {
        let rows = [
            ("top-top", "top-top-w1p3", 1), ("top-top", "top-top-w2p3", 2), ("left|top", "left|top-w4p4", 5),
        ].map { RightRanks.Row(scenario: $0.0, queryID: $0.1, imageID: "w1p1", rank: $0.2, rankInView: 1) }
        try ExpandFiles.ranks.write(RightRanks(rows: rows), in: root.appending(path: "store/expand"))
    }

    /// The queries' nearest photographs of their own animal and of another one.
    func writeNoveltySamples() throws {
        let samples = [(0.95, 0.62), (0.84, 0.71), (0.58, 0.66), (0.9, 0.4)].enumerated().map { number, scores in
            NoveltySample(
                part: .test, queryID: "q\(number)", imageID: Self.id(number + 1, 3), whaleID: "whale \(number + 1)",
                own: .init(imageID: Self.id(number + 1, 1), whaleID: "whale \(number + 1)", score: scores.0),
                other: .init(imageID: "x", whaleID: "another", score: scores.1))
        }
        try SearchFiles.novelty.write(samples, in: root.appending(path: "store/search"))
    }
}
