import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct EvaluateTests {
    /// The results of a run of the sandbox.
    private func results(_ yaml: String = "") async throws -> (sandbox: Sandbox, folder: URL, json: JSONValue) {
        let sandbox = try Sandbox(yaml: yaml)
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let folder = try await project.results(of: Node(.evaluate))
        return (sandbox, folder, try JSONValue.read(folder.appending(path: "evaluation.json")))
    }

    @Test func `The mean average precision equals the official score of the stage's submission`() async throws {
        let (sandbox, folder, json) = try await results()
        let split = try await sandbox.project().results(of: Node(.split, fold: 0))
        let score = try OfficialScore(
            EvaluateFiles.submission.read(in: folder),
            labels: SplitFiles.labels.read(in: split), strict: true)
        let map = try #require(json[path: "pooled.map"]?.double)
        #expect(abs(map - score.meanAveragePrecision) < 1e-12)
        #expect(map > 0 && map < 1)
        let rows = try EvaluateFiles.queries.read(in: folder)
        for row in rows where row.relevant > 0 {
            #expect(abs(row.averagePrecision - (score.averagePrecision[row.id] ?? -1)) < 1e-12)
        }
        #expect(json[path: "contract.queries"]?.integer == rows.count { $0.relevant > 0 })
    }

    @Test func `The evaluation compares trained and untrained, before and after expansion, known and unseen`()
        async throws
    {
        let json = try await results().json
        for path in [
            "pooled", "untrained", "expanded.before", "expanded.after", "populations.known", "populations.unseen",
        ] {
            #expect(json[path: "\(path).map"]?.double != nil, "\(path)")
        }
        // The sandbox's untrained network has more noise.
        #expect(try #require(json[path: "untrained.map"]?.double) < #require(json[path: "pooled.map"]?.double))
        let counts = ["known", "unseen"].compactMap { json[path: "populations.\($0).answerable"]?.integer }
        #expect(counts.reduce(0, +) == json[path: "contract.queries"]?.integer)
        let effect = ["gained", "lost", "unchanged"].compactMap { json[path: "expanded.\($0)"]?.integer }
        #expect(effect.reduce(0, +) == json[path: "contract.queries"]?.integer)
    }

    @Test func `Without expansion the ranking is that of the search`() async throws {
        let json = try await results("expand: []\n").json
        #expect(json[path: "pooled.map"] == json[path: "expanded.before.map"])
        #expect(json[path: "expanded.steps"] == [])
    }

    private static let ensemble = """
        split: {fold: [0, 1]}
        train:
          members:
            - {name: a, backbone: tf_efficientnet_lite0, weight: 2}
            - {name: b, backbone: tf_efficientnet_lite0, neck: {dropout: 0.4}}

        """

    @Test func `Each member has its own score next to the ensemble's`() async throws {
        let (_, folder, json) = try await results(Self.ensemble)
        let members = try #require(json["members"]?.array)
        #expect(members.compactMap { $0["member"]?.string } == ["a", "b", "a", "b"])
        #expect(members.compactMap { $0["fold"]?.integer } == [0, 0, 1, 1])
        // The sandbox's worker gives all the same embeddings, so each is as good as the ensemble.
        for member in members where member["fold"] == 0 { #expect(member["map"] == json[path: "pooled.map"]) }
        // With weights that sum to 3, cosines above 0.35 reach the limit of scores; ties share their precision.
        #expect(try #require(json[path: "summed.map"]?.double) < #require(json[path: "pooled.map"]?.double))
        #expect(json[path: "pooled.folds.values"]?.array?.count == 2)
        #expect(folder.lastPathComponent.count == 64)
        #expect(try await results().json["members"] == nil)
    }

    @Test func `Joined folds form one ensemble, which is scored once`() async throws {
        let yaml = Self.ensemble.replacing("neck:", with: "folds: [1], neck:") + "search: {join: folds}\n"
        let (sandbox, _, json) = try await results(yaml)
        let members = try #require(json["members"]?.array)
        #expect(members.compactMap { $0["member"]?.string } == ["a", "a", "b"])
        #expect(members.compactMap { $0["fold"]?.integer } == [0, 1, 1])
        #expect(json[path: "pooled.folds.values"]?.array?.count == 1)
        let states = try await sandbox.project().status().nodes
        #expect(states.allSatisfy { $0.state == .fresh } && states.count { $0.node.stage == .search } == 1)
    }

    @Test func `Ranks in the whole database continue after the photographs returned, and give the measures`()
        async throws
    {
        let (sandbox, folder, json) = try await results("search: {k: 4}\nexpand: []\n")
        defer { withExtendedLifetime(sandbox) {} }
        let expand = try await sandbox.project().results(of: Node(.expand, seed: 1, fold: 0))
        let answers = try ExpandFiles.neighbours.read(in: expand).queries
        let ranks = try ExpandFiles.ranks.read(in: expand).byQuery
        #expect(!answers.isEmpty)
        var penalties: [Double] = []
        for query in answers {
            let hits = query.answers.enumerated().filter { $1.isRelevant == true }.map { $0.offset + 1 }
            let own = try #require(ranks[query.id])
            #expect(own.map(\.rank).filter { $0 <= 4 } == hits)
            penalties.append(Double(own.count) / Double(own.map(\.rank).max() ?? 0))
        }
        let mean = penalties.reduce(0, +) / Double(penalties.count)
        #expect(abs(mean - (json[path: "pooled.minp"]?.double ?? -1)) < 1e-12)
        #expect(json[path: "untrained.minp"]?.double != nil && json[path: "expanded.before.minp"]?.double != nil)
        let rows = try EvaluateFiles.queries.read(in: folder)
        #expect(json["animals"]?.object?.keys.sorted() == Set(rows.map(\.whaleID)).sorted())
    }

    @Test func `In a database of one view the ranking equals that of the pair of views`() async throws {
        let json = try await results("scenarios: [{name: s, queries: {viewpoint: top}, database: {viewpoint: top}}]\n")
            .json
        let pairs = try #require(json["viewpoints"]?.array)
        #expect(pairs.count == 1 && pairs[0]["query"] == "top" && pairs[0]["database"] == "top")
        for measure in ["map", "top1", "r_precision", "minp", "baks", "intervals"] {
            #expect(pairs[0][measure] == json["pooled"]?[measure], "\(measure)")
        }
    }

    @Test func `New animals are distinguished from known ones at a probability of one half`() async throws {
        let (sandbox, folder, json) = try await results("split: {folds: 2, unseen: 0}\nevaluate: {bootstrap: 50}\n")
        defer { withExtendedLifetime(sandbox) {} }
        let calibration = try JSONValue.read(folder.appending(path: "calibration.json"))
        #expect(calibration["reason"] == .null)
        for part in ["validation", "test"] {
            let auroc = try #require(calibration[path: "\(part).auroc"]?.double)
            // The sandbox's animals differ, so their own photographs are nearer than others'.
            #expect(auroc > 0.5 && auroc <= 1, "\(part)")
        }
        #expect(json[path: "novelty.baus"] == calibration[path: "test.baus"])
        #expect(json[path: "novelty.threshold"] == calibration[path: "calibration.threshold"])
        let fitted = try #require(EvaluateFiles.calibration.read(in: folder).calibration)
        #expect(calibration[path: "calibration.threshold"]?.double == fitted.threshold)
        #expect(abs(fitted.probability(ofNewAt: fitted.threshold) - 0.5) < 1e-12)
        #expect(calibration[path: "learned_from.auroc"] == calibration[path: "validation.auroc"])
    }

    @Test func `Every miss has a cause, the same in both files, and no hit has one`() async throws {
        let (sandbox, folder, json) = try await results("evaluate: {bootstrap: 0}\n")
        defer { withExtendedLifetime(sandbox) {} }
        let rows = try EvaluateFiles.queries.read(in: folder)
        let causes = try EvaluateFiles.causes.read(in: folder).filter { $0.order == 1 }
        let misses = rows.filter { $0.firstHitRank != 1 }
        #expect(!misses.isEmpty && misses.count < rows.count)
        #expect(causes.map(\.queryID) == misses.map(\.id))
        #expect(causes.map(\.cause.rawValue) == misses.map(\.cause))
        #expect(rows.allSatisfy { $0.cause.isEmpty == ($0.firstHitRank == 1) })
        let told = try #require(json[path: "causes.causes"]?.array)
        #expect(told.compactMap { $0["first"]?.integer }.reduce(0, +) == misses.count)
        #expect(json[path: "causes.misses"]?.integer == misses.count)
    }
}
