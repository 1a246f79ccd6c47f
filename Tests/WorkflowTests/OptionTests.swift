import Basics
import Configuration
import Foundation
import Results
import Testing

@testable import Workflow

/// Which stages an option makes stale by itself; what lies downstream follows by the outputs.
@Suite struct OptionTests {
    private static let ensemble: [StageName] = [.search, .expand, .sweep, .reduce]

    /// Every option of whalebook.yaml. An option without a row here fails the test below.
    /// The stages that lay the network anew where nothing is trained.
    private static let network: [StageName] = [.train, .embed, .explain]

    private static let table: [String: [StageName]] = [
        "split.kind": [.split], "split.folds": [.split], "split.unseen": [.split], "split.minimum-images": [.split],
        "split.unseen-images": [.split], "split.date": [.split], "split.proportion": [.split],
        "split.rare": [.split], "split.unknown": [.split],
        "scenarios": [.split], "scenarios.0.name": [.split], "scenarios.0.queries.viewpoint": [.split],
        "scenarios.0.queries.role.0": [.split], "scenarios.0.database.viewpoint": [.split],
        "scenarios.0.database.role.0": [.split], "scenarios.0.database.role.1": [.split],
        "scenarios.0.database.role.2": [.split], "scenarios.0.same-encounter": [.split],
        "scenarios.0.years": [.split], "scenarios.0.unanswerable": [.split],
        "skip-broken": [.split, .embed],
        "train.kind": [.embed, .search, .expand, .evaluate, .explain],
        "train.members.lite0.train.kind": [.embed, .search, .expand, .evaluate, .explain],
        "train.pooling.kind": network, "train.pooling.p": network,
        "train.neck.embedding": network, "train.neck.dropout": network,
        "train.pooling.learned": network, "train.pooling.dilations.0": network,
        "train.pooling.dilations.1": network, "train.pooling.dilations.2": network,
        "train.pooling.projection": network,
        "train.head.kind": [.train], "train.head.scale": [.train], "train.head.margin": [.train],
        "train.head.centres": [.train], "train.head.margin-rule": [.train], "train.head.margin-deviation": [.train],
        "train.head.margin-factor": [.train], "train.head.margin-exponent": [.train],
        "train.head.margin-offset": [.train], "train.head.margin-low": [.train], "train.head.margin-high": [.train],
        "train.loss.kind": [.train], "train.loss.gamma": [.train], "train.loss.reduction": [.train],
        "train.loss.smoothing": [.train], "train.loss.class-weights": [.train],
        "train.optimizer.kind": [.train], "train.optimizer.learning-rate": [.train],
        "train.optimizer.backbone-learning-rate": [.train], "train.optimizer.weight-decay": [.train],
        "train.optimizer.clip-norm": [.train], "train.optimizer.head-learning-rate": [.train],
        "train.optimizer.layer-decay": [.train], "train.optimizer.decays": [.train],
        "train.optimizer.momentum": [.train],
        "train.schedule.kind": [.train], "train.schedule.epochs": [.train],
        "train.schedule.warmup-epochs": [.train], "train.schedule.freeze-epochs": [.train],
        "train.checkpoints.minutes": [], "train.checkpoints.kept": [],
        "train.batch-size": [.train], "train.sampler.kind": [.train],
        "train.sampler.images": [.train], "train.accumulation": [.train], "train.average-decay": [.train],
        "train.selection.measure": [.train], "train.selection.every": [.train], "train.selection.patience": [.train],
        "train.augment.flip": [.train], "train.augment.crop": [.train], "train.augment.brightness": [.train],
        "train.augment.contrast": [.train], "train.augment.shift": [.train], "train.augment.scale": [.train],
        "train.augment.rotate": [.train], "train.augment.cutout": [.train],
        "train.augment.hue": [.train], "train.augment.saturation": [.train], "train.augment.jpeg-quality": [.train],
        "train.members.lite0.backbone": [.train, .embed, .explain],
        "train.members.lite0.image-size": [.train, .embed, .explain],
        "train.members.lite0.fit": [.train, .embed, .explain],
        "train.members.lite0.stochastic-depth": [.train], "train.members.lite0.weight": ensemble,
        "train.members.lite0.pooling.kind": network, "train.members.lite0.neck.embedding": network,
        "train.members.lite0.neck.dropout": network, "search.join": [.search, .expand],
        "bridge.kind": [.bridge, .search, .evaluate], "bridge.hidden": [.bridge], "bridge.steps": [.bridge],
        "bridge.learning-rate": [.bridge], "bridge.weight-decay": [.bridge], "bridge.temperature": [.bridge],
        "bridge.animals": [.bridge], "bridge.weight": [.search],
        "embed.mirror": [.embed, .explain], "search.k": [.search, .expand, .evaluate],
        "expand.0.kind": [.expand, .evaluate], "expand.0.neighbours": [.expand, .evaluate],
        "expand.0.alpha": [.expand, .evaluate], "expand.0.exponent": [.expand, .evaluate],
        "expand.0.k1": [.expand, .evaluate], "expand.0.k2": [.expand, .evaluate],
        "expand.0.lambda": [.expand, .evaluate],
        "sweep.neighbours.0": [.sweep], "sweep.neighbours.1": [.sweep], "sweep.neighbours.2": [.sweep],
        "sweep.neighbours.3": [.sweep], "sweep.neighbours.4": [.sweep], "sweep.alpha.0": [.sweep],
        "sweep.alpha.1": [.sweep], "sweep.alpha.2": [.sweep], "sweep.alpha.3": [.sweep],
        "explain.queries": [.explain], "explain.map": [.explain], "reduce.photographs": [.reduce],
        "reduce.perplexity": [.reduce], "reduce.steps": [.reduce],
        "evaluate.bootstrap": [.evaluate],
    ]

    /// What acts otherwise than by its value: on the nodes there are, on contents, or on the backend.
    private static let elsewhere: Set<String> = [
        "data", "data.folder", "data.layout", "data.patterns.0.path", "data.patterns.0.viewpoint", "device",
        "precision", "seeds.0", "split.fold",
        "train.members.lite0.name",
        "train.members.lite0.weights", "train.members.lite0.folds.0",
    ]

    /// Together they have every option: some mean something only beside others.
    private static let configurations = [
        "",
        """
        split: {fold: all}
        search: {join: folds}
        train:
          members:
            - name: lite0
              backbone: tf_efficientnet_lite0
              pooling: {kind: average}
              neck: {dropout: 0.4}
              folds: [0]
        """,
        """
        skip-broken: true
        train:
          optimizer: {kind: sgd, momentum: 0.8, head-learning-rate: 1e-2, layer-decay: 0.9, decays: all}
          accumulation: 2
          average-decay: 0.9
          sampler: {kind: balanced}
          selection: {measure: scenarios, every: 2, patience: 3}
        """, "data: {folder: pod, layout: coco}",
        "data: {folder: pod, patterns: [{path: '*_left*', viewpoint: left}]}",
        "{seeds: [1], train: {kind: none, members: [{name: lite0, backbone: b, weights: w, train: {kind: none}}]}}",
        "train: {pooling: {kind: dolg}, head: {kind: sub-centre, margin-rule: elastic}}",
        "split: {kind: open-set}", "{split: {kind: time}, scenarios: [{name: all}]}",
        """
        train:
          augment: {hue: 1, saturation: 1, jpeg-quality: 80}
          members: [{name: lite0, backbone: tf_efficientnet_lite0, fit: crop}]
        """,
        "bridge: {kind: mlp}",
        "expand: [{kind: power}]", "expand: [{kind: k-reciprocal}]",
        "train: {head: {margin-rule: power}}", "train: {head: {margin-rule: range}}",
    ]

    @Test func `Every option makes exactly the stages stale that read it`() throws {
        let found = try Self.configurations.map { text in
            try Self.options(of: Configuration(parsing: text, path: "t", root: URL(filePath: "/")))
        }
        #expect(Set(found.flatMap(\.keys)) == Set(Self.table.keys).union(Self.elsewhere))
        for (option, readers) in found.joined() { #expect(readers == Self.table[option] ?? [], "\(option)") }
    }

    /// The stages that read each option of a configuration.
    private static func options(of configuration: Configuration) -> [String: [StageName]] {
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
