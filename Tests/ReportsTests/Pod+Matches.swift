import Basics
import Evaluation
import Foundation
import Results

@testable import Reports

/// Matched marks of the pod's two worst queries, and the rankings that they give.
extension Pod {
    /// A match at two places, each a share of both sides.
    static func match(_ query: Double, _ database: Double, _ similarity: Double, agrees: Bool) -> MarkMatch {
        MarkMatch(
            query: MarkPlace(x: query, y: 0.5, radius: 0.03), database: MarkPlace(x: 0.5, y: database, radius: 0.02),
            similarity: similarity, isExplained: agrees)
    }

    /// The wrong match of the first query agrees at the edges, the right one in the middle; the second query's do not
    /// agree.
    func writeMatches() throws {
        func rows(_ query: String, _ image: String, _ matches: [MarkMatch]) -> [MatchedMark] {
            matches.map { MatchedMark(queryImageID: query, imageID: image, match: $0) }
        }
        let edges = (0..<5).map { Self.match(0.05 + 0.01 * Double($0), 0.5, 0.9 + 0.01 * Double($0), agrees: true) }
        let middle = (0..<4).map { Self.match(0.4, 0.3 + 0.1 * Double($0), 0.875, agrees: true) }
        try ExplainFiles.matches.write(
            rows("w4p4", "w1p1", edges + [Self.match(0.5, 0.5, 0.75, agrees: false)])
                + rows("w4p4", "w4p1", middle)
                + rows("w2p3", "w3p1", (0..<3).map { Self.match(0.5, 0.5 + 0.01 * Double($0), 0.8, agrees: true) }),
            in: root.appending(path: "store/explain"))
    }

    static let fusion: JSONValue = [
        "untrained": measures(
            0.125, 0, 0.25, 0.5, queries: 4, interval: [0, 0.25],
            ["r_precision": 0.125, "minp": 0.125, "baks": 0, "map_by_animal": 0.125, "intervals": intervals]),
        "network":
            ranking("network", 0.5, others: 0.4375, scenarios: (0.75, 0.25), views: (0.25, 0.75)),
        "marks":
            ranking("marks", 0.25, others: 0.125, scenarios: (0.5, 0), views: (0, 0.5)),
        "both":
            ranking("both", 0.625, others: 0.5, scenarios: (1, 0.25), views: (0.25, 1)),
        "tests": [
            "marks": [
                "name": "marks", "queries": 4, "difference": -0.25, "interval": [-0.5, 0], "probability": 0.25,
                "wins": 0, "losses": 2, "ties": 2, "verdict": "undecided",
            ],
            "both": [
                "name": "both", "queries": 4, "difference": 0.125, "interval": [0, 0.25], "probability": 0.0004,
                "wins": 1, "losses": 0, "ties": 3, "verdict": "better",
            ],
            "network": [
                "name": "both", "queries": 4, "difference": 0.375, "interval": [0.125, 0.5], "probability": 0.0105,
                "wins": 2, "losses": 1, "ties": 1, "verdict": "undecided",
            ],
            "training": [
                "name": "network", "queries": 4, "difference": 0.375, "interval": [0.25, 0.5], "probability": 0.0004,
                "wins": 3, "losses": 0, "ties": 1, "verdict": "better",
            ],
        ],
        "parts": ["network", "marks"],
        "choices": [
            ["parts": ["network", "marks", "geometry"], "map": 0.6875, "top1": 0.5],
            ["parts": ["network", "marks"], "map": 0.75, "top1": 0.625],
            ["parts": ["network"], "map": 0.5, "top1": 0.25],
        ],
        "validation_queries": 8, "validation_training": ["many": 6, "unseen": 2], "ensemble": true, "absence": nil,
        "validation": "On 8 validation photographs, the networks lead, as on the test.",
        "finding":
            "Before query extension, mAP@20 is 0.250 by marks alone, 0.500 by the networks alone and 0.625 by both.",
    ]

    /// One of every measure.
    private static let intervals = JSONValue.object(
        Dictionary(uniqueKeysWithValues: Summary.Measure.allCases.map { ($0.rawValue, [0, 1]) }))

    private static func ranking(
        _ name: String, _ map: Double, others: Double, scenarios: (Double, Double), views: (Double, Double)
    ) -> JSONValue {
        [
            "name": .string(name),
            "pooled": measures(map, 0.5, 0.75, 1, queries: 4, interval: [map - 0.25, map + 0.25]),
            "other_encounters": measures(others, 0.25, 0.5, 0.75, queries: 4),
            "scenarios": [
                "top-top": measures(scenarios.0, nil, nil, nil, queries: 2),
                "left|top": measures(scenarios.1, nil, nil, nil, queries: 2),
            ],
            "viewpoints": [
                "left": measures(views.0, nil, nil, nil, queries: 2),
                "top": measures(views.1, nil, nil, nil, queries: 2),
            ],
            "training": [
                "unseen": measures(views.0, nil, nil, nil, queries: 2, ["intervals": intervals]),
                "many": measures(views.1, nil, nil, nil, queries: 2),
            ],
        ]
    }
}
