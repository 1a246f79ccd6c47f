import Basics
import Configuration
import Foundation
import Results
import Testing

@testable import Workflow

/// The stages that an option makes stale directly; downstream stages follow by the outputs.
@Suite struct OptionTests {
    private static let ensemble: [StageName] = [.search, .fuse, .expand, .sweep, .reduce]

    /// The stages that build the network again if nothing is trained.
    private static let network: [StageName] = [.train, .embed, .background, .explain]

    /// The stages that read each option according to the declarations; `*` is any entry of a list.
    private static let table: [String: [StageName]] = [
        "split.kind": [.split], "split.folds": [.split], "split.unseen": [.split], "split.minimum-images": [.split],
        "split.unseen-images": [.split], "split.date": [.split], "split.proportion": [.split], "split.rare": [.split],
        "split.unknown": [.split], "scenarios": [.split], "scenarios.*.name": [.split],
        "scenarios.*.queries.viewpoint": [.split], "scenarios.*.queries.role": [.split],
        "scenarios.*.database.viewpoint": [.split], "scenarios.*.database.role": [.split],
        "scenarios.*.same-encounter": [.split], "scenarios.*.years": [.split], "scenarios.*.unanswerable": [.split],
        "skip-broken": [.split, .keypoints, .embed],
        "train.kind": [.embed, .background, .search, .fuse, .expand, .evaluate, .explain],
        "train.members.*.train.kind": [.embed, .background, .search, .fuse, .expand, .evaluate, .explain],
        "train.pooling.kind": network, "train.pooling.p": network,
        "train.neck.embedding": network, "train.neck.dropout": network,
        "train.pooling.learned": network, "train.pooling.dilations": network,
        "train.pooling.projection": network, "train.head.kind": [.train], "train.head.scale": [.train],
        "train.head.margin": [.train], "train.head.centres": [.train], "train.head.margin-rule": [.train],
        "train.head.margin-deviation": [.train], "train.head.margin-factor": [.train],
        "train.head.margin-exponent": [.train], "train.head.margin-offset": [.train],
        "train.head.margin-low": [.train], "train.head.margin-high": [.train], "train.loss.kind": [.train],
        "train.loss.gamma": [.train], "train.loss.reduction": [.train], "train.loss.smoothing": [.train],
        "train.loss.class-weights": [.train], "train.optimizer.kind": [.train],
        "train.optimizer.learning-rate": [.train], "train.optimizer.backbone-learning-rate": [.train],
        "train.optimizer.weight-decay": [.train], "train.optimizer.clip-norm": [.train],
        "train.optimizer.head-learning-rate": [.train], "train.optimizer.layer-decay": [.train],
        "train.optimizer.decays": [.train], "train.optimizer.momentum": [.train], "train.schedule.kind": [.train],
        "train.schedule.epochs": [.train], "train.schedule.warmup-epochs": [.train],
        "train.schedule.freeze-epochs": [.train], "train.checkpoints.minutes": [], "train.checkpoints.kept": [],
        "train.batch-size": [.train], "train.sampler.kind": [.train], "train.sampler.images": [.train],
        "train.freeze": [.train], "train.accumulation": [.train], "train.statistics": [.train],
        "train.processes": [.train],
        "train.average-decay": [.train], "train.selection.measure": [.train],
        "train.selection.every": [.train], "train.selection.patience": [.train], "train.augment.flip": [.train],
        "train.augment.crop": [.train], "train.augment.brightness": [.train], "train.augment.contrast": [.train],
        "train.augment.shift": [.train], "train.augment.scale": [.train], "train.augment.rotate": [.train],
        "train.augment.cutout": [.train], "train.augment.hue": [.train], "train.augment.saturation": [.train],
        "train.augment.jpeg-quality": [.train], "train.members.*.backbone": network,
        "train.members.*.image-size": network, "train.members.*.fit": network,
        "train.members.*.crop-share": network, "train.members.*.interpolation": network,
        "train.members.*.mean": network, "train.members.*.deviation": network, "train.members.*.features": network,
        "train.members.*.stochastic-depth": [.train], "train.members.*.weight": ensemble,
        "train.members.*.pooling.kind": network, "train.members.*.pooling.p": network,
        "train.members.*.pooling.learned": network, "train.members.*.pooling.dilations": network,
        "train.members.*.pooling.projection": network, "train.members.*.neck.embedding": network,
        "train.members.*.neck.dropout": network, "search.join": [.search, .fuse, .expand],
        "bridge.kind": [.bridge, .search, .evaluate], "bridge.hidden": [.bridge], "bridge.steps": [.bridge],
        "bridge.learning-rate": [.bridge], "bridge.weight-decay": [.bridge], "bridge.temperature": [.bridge],
        "bridge.animals": [.bridge], "bridge.weight": [.search], "embed.mirror": [.embed, .background, .explain],
        "background.check": [.background, .evaluate],
        "search.k": [.search, .fuse, .expand, .evaluate], "expand": [.fuse, .expand, .evaluate],
        "expand.*.kind": [.fuse, .expand, .evaluate],
        "expand.*.neighbours": [.fuse, .expand, .evaluate], "expand.*.alpha": [.fuse, .expand, .evaluate],
        "expand.*.exponent": [.fuse, .expand, .evaluate], "expand.*.k1": [.fuse, .expand, .evaluate],
        "expand.*.k2": [.fuse, .expand, .evaluate], "expand.*.lambda": [.fuse, .expand, .evaluate],
        "sweep.neighbours": [.sweep],
        "sweep.alpha": [.sweep], "explain.queries": [.explain], "explain.map": [.explain],
        "reduce.photographs": [.reduce], "reduce.perplexity": [.reduce], "reduce.steps": [.reduce],
        "match.kind": [.keypoints, .match, .fuse, .expand, .evaluate, .explain], "match.middle": [.keypoints],
        "match.side": [.keypoints], "match.keypoints": [.keypoints], "match.contrast": [.keypoints],
        "match.upright": [.keypoints], "match.neighbours": [.match], "match.verify": [.match, .fuse],
        "match.verified": [.match], "match.shortlist": [.match], "match.calibration": [.fuse],
        "evaluate.bootstrap": [.evaluate],
    ]

    /// The stages that read an option in a configuration: a shortlist is the ensemble's.
    private static func expected(_ path: String, in configuration: Configuration) -> [StageName] {
        let readers = table[path] ?? []
        let isShortlists = path == "train.members.*.weight" && configuration.match.shortlist != nil
        return isShortlists ? (readers + [.match]).sorted() : readers
    }

    /// The options that act not by their value but on the nodes, on contents, or on the backend.
    private static let elsewhere: Set<String> = [
        "data", "data.folder", "data.layout", "data.patterns.*.path", "data.patterns.*.viewpoint", "data.nobody",
        "data.links", "data.salvage", "device", "precision", "seeds", "split.fold", "train.members.*.name",
        "train.members.*.weights", "train.members.*.weights.cnn", "train.members.*.weights.transformer",
        "train.members.*.folds",
    ]

    /// Configurations in which every option has an effect.
    private static func configurations() throws -> [Configuration] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "ConfigurationTests/Golden/variants.yaml")
        return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n---\n").map {
            try Configuration(parsing: $0, path: "variants.yaml", root: URL(filePath: "/"))
        }
    }

    @Test func `Every option makes exactly those stages stale that read it`() throws {
        let declared = Settings.optionKind.options()
        let known = Set(declared.map(\.path))
        let leaves = declared.filter { $0.option.kind.options().isEmpty }.map(\.path)
        let missing = Set(leaves).subtracting(Self.table.keys).subtracting(Self.elsewhere)
        #expect(missing.isEmpty, "say in the table which stages read each of these")
        var unseen = Set(leaves)
        for configuration in try Self.configurations() {
            for (option, readers) in Self.readers(in: configuration) {
                let path = try #require(Self.path(of: option, among: known), "\(option)")
                #expect(readers == Self.expected(path, in: configuration), "\(option)")
                #expect((Self.table[path] != nil) != Self.elsewhere.contains(path), "\(path)")
                unseen.remove(path)
            }
        }
        #expect(unseen.isEmpty, "give each of these a value in variants.yaml")
    }

    @Test func `The reference of the options matches the declarations`() throws {
        let configuration = try Configuration(parsing: "", path: "t", root: URL(filePath: "/"))
        let page = ConfigurationReference(
            readers: StageName.allCases.map { ($0.rawValue, $0.stage.options(configuration)) }
        ).text
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/configuration-reference.md")
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try page.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("configuration-reference.md was recorded; read it, then run again without RECORD_GOLDEN")
            return
        }
        let lines = page.components(separatedBy: "\n")
        let wanted = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        for (line, other) in zip(lines, wanted) where line != other {
            Issue.record("docs/configuration-reference.md has\n\(other)\nand should have\n\(line)")
            return
        }
        #expect(lines.count == wanted.count)
    }

    /// The declared path of a leaf of a tree: with `*` for the entry of a list, and for a whole list of values.
    private static func path(of leaf: String, among known: Set<String>) -> String? {
        let parts = leaf.split(separator: ".")
        return known.first { path in
            let pattern = path.split(separator: ".")
            return (parts.count == pattern.count || parts.count == pattern.count + 1 && Int(parts.last ?? "") != nil)
                && zip(pattern, parts).allSatisfy { $0 == "*" || $0 == $1 }
        }
    }

    /// The stages that read each option of a configuration.
    private static func readers(in configuration: Configuration) -> [String: [StageName]] {
        let tree = configuration.tree
        let everything = tree.object.map { Array($0.keys) } ?? []
        var options = Parameters.values(
            of: everything.filter { $0 != "train" }
                + (tree["train"]?.object?.keys.map { "train.\($0)" } ?? [])
                .filter { $0 != "train.members" }, in: tree, member: nil)
        for name in tree[path: "train.members.0"]?.object?.keys.map({ $0 }) ?? [] {
            options.merge(Parameters.values(of: ["train.members.*.\(name)"], in: tree, member: nil)) { $1 }
        }
        return Dictionary(
            uniqueKeysWithValues: options.keys.map { option in
                let readers = StageName.allCases.filter { name in
                    Parameters.values(of: name.stage.options(configuration), in: tree, member: nil).keys.contains(
                        option)
                }
                return (option, readers)
            })
    }
}
