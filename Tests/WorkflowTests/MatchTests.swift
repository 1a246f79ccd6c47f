import Basics
import Catalog
import Evaluation
import Foundation
import Imaging
import Matching
import Reports
import Results
import Testing

@testable import Workflow

@Suite struct MatchTests {
    static let match = "match: {kind: sift, neighbours: 2}\n"

    /// A project whose photographs have marks: those of one whale have the same ones at moved places, a little changed.
    func sandbox(_ yaml: String = Self.match) throws -> Sandbox {
        let sandbox = try Sandbox(yaml: yaml)
        let ids = (0..<Sandbox.whales).flatMap { whale in
            (0..<Sandbox.photographsEach).map { (id: "p\(whale)-\($0)", whale: whale, photograph: $0) }
        }
        try FeatureFileWriter.write(
            to: sandbox.root.appending(path: "bin/keypoints.bin"), extractor: "drawn", columns: Self.columns
        ) { writer in
            for entry in ids { try writer.append(Self.features(entry.whale, entry.photograph), id: entry.id) }
        }
        return sandbox
    }

    private static let columns = 32

    private static func features(_ whale: Int, _ photograph: Int) throws -> LocalFeatures {
        var own = SeededGenerator(seed: 3, "\(whale)", "\(photograph)")
        var descriptors = Data()
        var keypoints: [Keypoint] = []
        for mark in 0..<12 {
            var whales = SeededGenerator(seed: 3, "\(whale)", "mark", "\(mark)")
            let (x, y) = (whales.uniform(10...80), whales.uniform(10...80))
            for _ in 0..<columns {
                let value = 128 + whales.normal(deviation: 50) + own.normal(deviation: 20)
                descriptors.append(UInt8(min(255, max(0, value.rounded()))))
            }
            keypoints.append(
                Keypoint(x: Float16(x + Double(photograph)), y: Float16(y), size: 4, angle: 0, strength: Float16(mark)))
        }
        return try LocalFeatures(
            width: 100, height: 100, keypoints: keypoints, columns: columns, descriptors: descriptors)
    }

    private func ran(_ sandbox: Sandbox, settings: [String] = []) async throws -> [String] {
        let witness = Witness()
        _ = try await sandbox.project(settings: settings).run(observer: witness)
        return witness.ran
    }

    private func folder(_ sandbox: Sandbox, _ stage: StageName, settings: [String] = []) async throws -> URL {
        let project = try sandbox.project(settings: settings)
        let node = try #require(NodeGraph(project.configuration).nodes.first { $0.stage == stage })
        return try await project.results(of: node)
    }

    @Test func `Without matching no key contains its options, and turning it off explicitly changes nothing`()
        async throws
    {
        let sandbox = try Sandbox()
        let plain = try await ran(sandbox)
        #expect(Set(plain).isDisjoint(with: ["keypoints", "match", "fuse"]))
        let project = try sandbox.project()
        #expect(project.configuration.tree["match"] == nil)
        for status in try await project.status().nodes {
            let cacheKey = try #require(status.cacheKey)
            #expect(!cacheKey.json.canonicalText.contains("match"), "\(status.node.name)")
        }
        try sandbox.configure("match: {kind: off}\n")
        #expect(try await ran(sandbox) == [])
        await #expect(throws: WorkflowError.noMatching(.keypoints)) {
            _ = try await project.inspector(of: [.fuse, .keypoints])
        }
    }

    @Test func `Marks are matched after the networks' search and joined before query extension`() async throws {
        let sandbox = try sandbox()
        let stages = try await ran(sandbox)
        #expect(
            stages.filter { ["keypoints", "search", "match", "fuse", "expand", "evaluate"].contains($0) }
                == ["keypoints", "search", "match", "fuse", "expand", "evaluate"])
        let scenarios = try SplitFiles.scenarios.read(in: await folder(sandbox, .split)).scenarios
        let match = try await folder(sandbox, .match)
        let scores = try MatchFiles.scores.read(in: match)
        #expect(scores.rows == scenarios.reduce(0) { $0 + $1.queries.count * $1.database.count })
        let local = try LocalScores(scores, of: scenarios, path: "scores.npy")
        // The marks are the whales' own, so every right photograph is before every wrong one.
        for scenario in scenarios {
            for (number, query) in scenario.queries.enumerated() {
                let row = local.row(scenario, number)
                let isRight = scenario.database.map { Self.whale($0) == Self.whale(query.imageID) }
                let own = scenario.database.map { $0 == query.imageID }
                let right = row.indices.filter { isRight[$0] && !own[$0] }.map { row[$0].geometry }
                let wrong = row.indices.filter { !isRight[$0] }.map { row[$0].geometry }
                #expect((right.min() ?? .infinity) > (wrong.max() ?? 0), "\(query.id)")
                for place in row.indices where own[place] { #expect(row[place] == .none) }
            }
        }
        let fusion = try FuseFiles.fusion.read(in: await folder(sandbox, .fuse))
        #expect(fusion.absence == nil && fusion.parts.contains(.geometry) && !fusion.localParts.isEmpty)
        let evaluation = try EvaluateFiles.evaluation.read(in: await folder(sandbox, .evaluate))
        let measures = try #require(evaluation.fusion)
        #expect(measures.rankings.map(\.name) == [.network, .marks, .both])
        let maps = measures.rankings.map { $0.pooled?.map ?? 0 }
        #expect(maps[1] == 1 && maps[2] >= maps[0] && maps[0] < 1)
        #expect(measures.tests.both.queries == measures.tests.marks.queries && measures.tests.both.wins > 0)
        #expect(evaluation.expanded.before == measures.rankings[2].pooled)
        let added = try #require(measures.tests.network)
        #expect(added.name == .both && abs(added.difference - (maps[2] - maps[1])) < 1e-12)
        let start = try #require(measures.untrained?.map)
        let learned = try #require(measures.tests.training)
        #expect(learned.name == .network && abs(learned.difference - (maps[0] - start)) < 1e-12)
        #expect(measures.trainingFinding?.hasPrefix("Training ") == true)
        #expect(measures.finding.contains("efore query extension, mAP@20 is 1.000 by marks alone"))
        // Each query is in one group by the training photographs of its animal, and so is each validation photograph.
        let split = try SplitFiles.split.read(in: await folder(sandbox, .split))
        let trained = Dictionary(grouping: split.rows.filter { $0.role == .train }.map(\.whaleID)) { $0 }
            .mapValues(\.count)
        let asked = scenarios.flatMap(\.queries).map {
            TrainingPhotographs(count: split.whales[$0.imageID].flatMap { trained[$0] } ?? 0).rawValue
        }
        for ranking in measures.rankings {
            #expect(ranking.training?.mapValues(\.queries) == Dictionary(grouping: asked) { $0 }.mapValues(\.count))
        }
        #expect(measures.validationTraining?.values.reduce(0, +) == measures.validationQueries)
        #expect(measures.isEnsemble == false && measures.validation?.contains("validation photograph") == true)
        // The photographs of a whale's encounter are in pairs.
        #expect(evaluation.otherEncounters != nil)
    }

    private static func whale(_ id: String) -> Substring { id.prefix { $0 != "-" } }

    @Test func `The rankings by both, by marks and before training agree with their ranks`() async throws {
        let sandbox = try sandbox()
        _ = try await ran(sandbox)
        let split = try await folder(sandbox, .split)
        let check = RankingCheck(
            scenarios: try SplitFiles.scenarios.read(in: split).scenarios,
            whales: try SplitFiles.split.read(in: split).whales, count: 20)
        for (stage, count) in [(StageName.fuse, 3), (.expand, 2)] {
            #expect(RankingCheck.pairs(stage).count == count)
            let directory = try await folder(sandbox, stage)
            let node = ReportNode(Node(stage), key: "k", outputDigest: "", directory: directory)
            #expect(try check.findings(node) == [])
        }
    }

    @Test func `The heat maps' pairs have their matched marks`() async throws {
        let sandbox = try sandbox()
        _ = try await ran(sandbox)
        let explain = try await folder(sandbox, .explain)
        let pairs = try ExplainFiles.pairs.read(in: explain)
        let matches = try ExplainFiles.matches.read(in: explain)
        #expect(!matches.isEmpty)
        let asked = Set(pairs.map { [$0.queryImageID, $0.imageID] })
        #expect(Set(matches.map { [$0.queryImageID, $0.imageID] }).isSubset(of: asked))
        // For comparison, a usual correct first match.
        let typical = try #require(try FuseFiles.firstMatches.read(in: await folder(sandbox, .fuse)).typical)
        let compared = try ExplainFiles.compared.read(in: explain)
        let query = try #require(compared.first?.queryImageID)
        let example = compared.filter { $0.queryImageID == query && $0.imageID == typical.imageID }
        #expect(typical.queryID.hasSuffix(query))
        #expect(MarkAgreement(example.map(\.match)).agreeing.count == typical.agreeing)
        for match in matches
        where Self.whale(match.queryImageID) == Self.whale(match.imageID) && match.match.isExplained {
            // A mark moves by a hundredth of the width from photograph to photograph.
            let moved = (Double(match.imageID.suffix(1)) ?? 0) - (Double(match.queryImageID.suffix(1)) ?? 0)
            #expect(abs(match.match.database.x - match.match.query.x - moved / 100) < 0.11)
        }
    }

    @Test func `A shortlist of everything gives the same scores, and a short one matches only the most similar`()
        async throws
    {
        let sandbox = try sandbox()
        _ = try await ran(sandbox)
        let all = try MatchFiles.scores.read(in: await folder(sandbox, .match))
        let settings = ["match.shortlist=1000"]
        _ = try await ran(sandbox, settings: settings)
        #expect(try MatchFiles.scores.read(in: await folder(sandbox, .match, settings: settings)) == all)
        _ = try await ran(sandbox, settings: ["match.shortlist=3"])
        let short = try MatchFiles.scores.read(in: await folder(sandbox, .match, settings: ["match.shortlist=3"]))
        let scenarios = try SplitFiles.scenarios.read(in: await folder(sandbox, .split)).scenarios
        let local = try LocalScores(short, of: scenarios, path: "scores.npy")
        for scenario in scenarios {
            for number in scenario.queries.indices {
                #expect(local.row(scenario, number).count { $0.marks > 0 } <= 3)
            }
        }
    }

    @Test func `Without validation photographs the networks rank alone, and the reason is told`() async throws {
        let sandbox = try sandbox(Self.match + "search: {join: folds}\nsplit: {folds: 2, fold: all}\n")
        let witness = Witness()
        let project = try sandbox.project()
        _ = try await project.run(observer: witness)
        #expect(witness.messages.contains { $0.contains("the networks alone rank: the models of all folds") })
        let search = try SearchFiles.neighbours.read(in: await folder(sandbox, .search))
        let fuse = try await folder(sandbox, .fuse)
        #expect(try FuseFiles.neighbours.read(in: fuse) == search)
        #expect(try FuseFiles.fusion.read(in: fuse).parts.isEmpty)
        let evaluation = try EvaluateFiles.evaluation.read(in: await folder(sandbox, .evaluate))
        #expect(evaluation.fusion?.finding.hasPrefix("Marks and the networks are not joined: ") == true)
        #expect(evaluation.fusion?.isEnsemble == true && evaluation.fusion?.validation == nil)
    }

    @Test func `Marks of other photographs or of another format are refused by name`() async throws {
        let sandbox = try sandbox()
        try FeatureFileWriter.write(
            to: sandbox.root.appending(path: "bin/keypoints.bin"), extractor: "drawn", columns: Self.columns
        ) { try $0.append(Self.features(0, 0), id: "p0-0") }
        let project = try sandbox.project()
        let failure = await #expect(throws: (any Error).self) { _ = try await project.run(observer: SilentObserver()) }
        #expect(failure.map { "\($0)" }?.contains("it has no marks of photograph") == true)
    }

    @Test func `A new photograph is identified by its marks too`() async throws {
        let sandbox = try sandbox("split: {folds: 2, unseen: 0}\n" + Self.match)
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let url = sandbox.root.appending(path: "season/new.jpg")
        try AtomicFile.write(Raster(width: 40, height: 30, red: 9, green: 99, blue: 120).jpeg(quality: 90), to: url)
        // The network takes it for the third whale; its marks are the eighth's.
        let all = Sandbox.embeddings(noise: 1.4)
        let row = 2 * Sandbox.photographsEach
        try NPYMatrix(
            rows: 1, columns: all.columns,
            values: Array(all.values[row * all.columns..<(row + 1) * all.columns])
        ).write(to: sandbox.root.appending(path: "bin/asked.npy"))
        try AtomicFile.write(
            CSVTable.text(header: ["image_id"], rows: [[url.path]]), to: sandbox.root.appending(path: "bin/asked.csv"))
        try FeatureFileWriter.write(
            to: sandbox.root.appending(path: "bin/asked-keypoints.bin"), extractor: "drawn", columns: Self.columns
        ) { try $0.append(Self.features(7, 9), id: url.path) }
        let question = try IdentificationQuestion(photographs: [url], count: 3)
        let identified = try await Identification(project, question).run(observer: SilentObserver())
        let candidates = try #require(identified.answers.first?.candidates)
        #expect(Set(candidates.prefix(2).map(\.whaleID)) == ["w2", "w7"])
        let eighth = try #require(candidates.firstIndex { $0.whaleID == "w7" })
        #expect(identified.text.contains(" matches agree on one movement)"))
        let agreeing = identified.json[
            path: "photographs.0.candidates.\(eighth).matching_marks_of_one_movement"]?.integer
        #expect((agreeing ?? 0) > 6)
        let sheet = sandbox.root.appending(path: "sheet.png")
        let marks = sandbox.root.appending(path: "sheet-marks.png")
        #expect(try identified.writeSheet(to: sheet) == [sheet, marks])
        let drawn = try JSONValue(
            parsing: Data(contentsOf: marks.deletingPathExtension().appendingPathExtension("json")))
        let titles = drawn[path: "pairs"]?.array?.compactMap { $0[path: "title"]?.string } ?? []
        #expect(titles.count == 2 && titles[eighth].hasPrefix("new.jpg: \(eighth + 1). w7, "))
    }
}
