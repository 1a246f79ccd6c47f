import Basics
import Catalog
import Configuration
import Foundation
import Testing

/// The recorded forms of configurations: keys of results are digests of these trees, and models and checkpoints on disk
/// contain these encodings.
@Suite struct GoldenTests {
    private static let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

    private func parse(_ text: String, _ overrides: [String] = []) throws -> Configuration {
        try Configuration(parsing: text, path: "w.yaml", root: URL(filePath: "/"), overrides: overrides)
    }

    /// Every configuration of the repository, and variants in which every option has an effect.
    private func configurations() throws -> [(name: String, text: String)] {
        let folder = Self.root.appending(path: "configs")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        let named = try (files + [Self.root.appending(path: "whalebook.yaml")]).map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
        let variants = try String(contentsOf: Self.tests.appending(path: "Golden/variants.yaml"), encoding: .utf8)
        return named + variants.components(separatedBy: "\n---\n").enumerated().map { ("variant \($0)", $1) }
    }

    @Test func `Trees and encodings match the recorded bytes`() throws {
        var text = ""
        for (name, content) in try configurations() {
            let configuration = try parse(content)
            let train = configuration.train
            let parts: [(String, JSONValue)] = [
                ("tree", configuration.tree), ("described", train.described),
                ("members", .array(train.members.map(\.described))),
                ("train", try JSONValue(encoding: train)),
                ("checkpoints", try JSONValue(encoding: configuration.checkpoints)),
                ("data", try JSONValue(encoding: configuration.resolvedData)),
                ("bridge", try JSONValue(encoding: configuration.bridge)),
            ]
            text += "\(name)\n" + parts.map { "\($0): \($1.canonicalText)\n" }.joined()
        }
        try check(text, "trees.txt")
    }

    /// An invalid configuration, and its values of `--set`.
    private static let mistakes: [(text: String, overrides: [String])] = [
        ("x", []), ("[1]", []), ("data: [1]", []), ("data: {folder: a, layot: coco}", []), ("data: {layout: coco}", []),
        ("data: {folder: a, layout: cocoo}", []), ("data:\n  folder: a\n  patterns: [{path: '*{dat}*'}]", []),
        ("data: {folder: a, patterns: [{path: '*a*'}]}", []), ("data: {folder: a, patterns: x}", []),
        ("skip-broken: 1", []), ("device: gpu", []), ("precision: half", []), ("seeds: 1", []), ("seeds: []", []),
        ("seeds: [1, 1]", []), ("seeds: [-1]", []), ("seeds: [1.5]", []), ("scenarios: atuo", []),
        ("scenarios: []", []), ("scenarios: [{nme: a}]", []), ("scenarios: [{name: a, queries: {role: tst}}]", []),
        ("scenarios: [{name: a, database: {viewpoint: []}}]", []), ("scenarios: [{name: a, years: later}]", []),
        ("split: {kind: encountr}", []), ("split: {fold: some}", []), ("split: {fold: 5}", []),
        ("split: {folds: 1}", []), ("split: {kind: time, date: 2019-02-29}", []),
        ("split: {kind: time, date: 2019-06-30, proportion: 0.5}", []), ("split: {kind: encounter, date: none}", []),
        ("split: {unseen: 0.91}", []), ("train: {members: []}", []), ("train: {members: [{backbone: a}]}", []),
        ("train: {members: [{name: a/b, backbone: c}, {name: a/b, backbone: c}]}", []),
        ("train: {members: [{name: a, backbone: b, weights: {cnn: 1, transformr: x}}]}", []),
        ("train: {members: [{name: a, backbone: b, pooling: {kind: average, p: 3}}]}", []),
        ("train: {members: [{name: a, backbone: b, pooling: sharde}]}", []),
        ("train: {members: [{name: a, backbone: b, folds: []}]}", []),
        ("train: {members: [{name: a, backbone: b, folds: [3]}]}", []),
        ("train: {members: [{name: a, backbone: b, image-size: 31, fit: sretch}]}", []),
        ("train: {kind: none}", []), ("train:\n  head: {kind: arcfac}\n  batch-size: 1", []),
        ("train: {head: {margin-rule: power, margin: 0.3}}", []), ("train: {head: {kind: linear, scale: 3}}", []),
        ("train: {head: {margin: 1.6, margin: 1}}", []), ("train: {loss: {gama: 2}}", []), ("train: {loss: 3}", []),
        ("train: {pooling: {dilations: [3]}}", []), ("train: {pooling: {kind: dolg, dilations: [0]}}", []),
        ("train: {optimizer: {momentum: 0.5, decays: most}}", []),
        ("train: {optimizer: {head-learning-rate: no}}", []), ("train: {selection: {every: 0}}", []),
        ("train: {schedule: {epochs: 3, warmup-epochs: 3}}", []),
        ("train: {sampler: {kind: balanced, images: 3}}", []), ("train: {sampler: {images: 3}}", []),
        ("bridge: {steps: 3}", []), ("bridge: {kind: mlp, temperature: 0}", []),
        ("expand: [{neighbours: 3}]", []), ("expand: [{kind: power, alpha: 3}]", []),
        ("expand: [{kind: power}, {kind: alpha-qe}]", []), ("expand: alpha-qe", []), ("search: {k: 21}", []),
        ("sweep: {alpha: [1, 1]}", []), ("evaluate: {bootstrap: .inf}", []), ("reduce: {perplexity: 1:30}", []),
        ("trian: {}", []), ("zzzzzzzz: 1", []), ("embed: {mirror: {}}", []),
        ("", ["search.k=30"]), ("", ["train={loss: {gama: 1}}"]), ("", ["train.members.0.weight=2"]),
        ("", ["trian.loss.gamma=1"]), ("train: {pooling: {p: 4}}", ["train.pooling.kind=averag"]),
        ("train: {pooling: {p: 4}}", ["train.pooling.kind=average", "train.pooling.p=3"]),
        ("train: {members: [{name: a, backbone: b}]}", ["train.members.a.pooling={kind: average, p: 3}"]),
        ("split: {unseen: 0.1}\ntrain: {head: {centres: 3}}", ["split.kind=time", "seeds=[1,1]"]),
    ]

    @Test func `Messages match the recorded ones`() throws {
        var text = ""
        for (content, overrides) in Self.mistakes {
            text += "\(content) \(overrides)\n"
            let error = #expect(throws: ConfigurationError.self, "\(content)") { try parse(content, overrides) }
            text += (error?.lines ?? []).map { "    \($0)\n" }.joined()
        }
        try check(text, "messages.txt")
    }

    private func check(_ text: String, _ name: String) throws {
        let file = Self.tests.appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was recorded; read it, then run again without RECORD_GOLDEN")
            return
        }
        let found = text.split(separator: "\n")
        let wanted = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        for (line, (one, other)) in zip(found, wanted).enumerated() where one != other {
            Issue.record("\(name):\(line + 1) is\n\(one)\nand should be\n\(other)")
        }
        #expect(found.count == wanted.count)
    }
}
