import Basics
import Digests
import Foundation
import Results
import Testing

@testable import Workflow

/// A stage that reads an undeclared option would give different files under the same key.
@Suite struct DeclarationTests {
    /// A different value for every option that some stage does not declare.
    private static let values = [
        "split.kind=image", "split.folds=4", "split.unseen=0.4", "split.minimum-images=2", "split.rare=distractors",
        "split.unknown=queries", "split={kind: open-set, unseen-images: 0.3}", "split={kind: time, date: 2017-07-02}",
        "split={kind: time, proportion: 0.4}", "scenarios=[{name: all}]", "train.pooling.p=2",
        "train.pooling.learned=false", "train.pooling={kind: dolg, dilations: [3], projection: write-up}",
        "train.neck.embedding=64", "train.neck.dropout=0.5", "train.head.scale=30", "train.head.margin=0.5",
        "train.head={kind: sub-centre, centres: 3}", "train.head={margin-rule: elastic, margin-deviation: 0.1}",
        "train.head={margin-rule: power, margin-factor: 0.2, margin-exponent: 0.5, margin-offset: 0.1}",
        "train.head={margin-rule: range, margin-low: 0.1, margin-high: 0.5}",
        "train.loss.kind=cross-entropy", "train.loss.class-weights=balanced", "train.optimizer.kind=sgd",
        "train.accumulation=2", "train.statistics=process", "train.schedule.epochs=3", "train.checkpoints.minutes=1",
        "train.batch-size=8",
        "train.augment.flip=new", "train.augment.crop=0.5",
        "train.augment.hue=40", "train.augment.saturation=40", "train.augment.jpeg-quality=80",
        "train.members=[{name: lite0, backbone: tf_efficientnet_lite0, fit: crop}]",
        "train.members=[{name: lite0, backbone: tf_efficientnet_lite0, image-size: 64}]",
        "train.members=[{name: lite0, backbone: tf_efficientnet_lite0, stochastic-depth: 0.2}]",
        "train.members=[{name: lite0, backbone: tf_efficientnet_lite0, weight: 3}]", "embed.mirror=true", "search.k=7",
        "bridge.kind=mlp", "bridge={kind: mlp, weight: 0.25}",
        "expand=[]",
        "expand=[{kind: power, exponent: 3}]", "expand=[{kind: k-reciprocal, k1: 5, k2: 2, lambda: 0.5}]",
        "evaluate.bootstrap=10",
        "sweep={neighbours: [2], alpha: [1, 2]}", "reduce={photographs: 10, perplexity: 3, steps: 20}",
    ]

    @Test(arguments: [StageName.split, .search, .expand, .evaluate, .sweep, .reduce])
    func `A stage gives the same files whatever the values of options that it does not declare`(name: StageName)
        async throws
    {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let report = try await project.status()
        let node = try #require(report.nodes.first { $0.node.stage == name })
        let digest = try #require(node.record?.outputDigest)
        let context = try await project.inspector()
        var tried = 0
        for value in Self.values {
            let other = try sandbox.project(settings: [value])
            // Upstream results are those of the original project, so only this stage sees the different value.
            let folder = sandbox.root.appending(path: "trial")
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let stage = name.stage
            let cacheKey = Parameters.values(
                of: stage.options(other.configuration), in: other.configuration.tree, member: nil)
            guard cacheKey == node.cacheKey?.parameters else { continue }
            tried += 1
            _ = try await stage.perform(
                other.configuration, weights: other.weights, upstream: context.upstreamFolders(of: node.node),
                Workspace(
                    node: node.node, folder: folder, worker: sandbox.worker, backend: nil, card: nil,
                    precision: .float32, checkpoints: other.configuration.checkpoints, buildsOnImport: false,
                    progress: { _ in },
                    message: { _ in }))
            var outputs: [String: NodeRecord.Output] = [:]
            for file in stage.outputs + stage.optionalOutputs {
                let path = folder.appending(path: file).path
                guard stage.outputs.contains(file) || FileManager.default.fileExists(atPath: path) else { continue }
                outputs[file] = .init(
                    digest: try Digest.ofContents(of: path), size: FileStamp(path: path)?.size ?? 0)
            }
            let record = try #require(node.record)
            let again = NodeRecord(
                key: record.key, cacheKey: record.cacheKey, outputs: outputs, seconds: 0,
                startedAt: "", machine: .null, facts: .null)
            #expect(again.outputDigest == digest, "\(name) read \(value)")
        }
        #expect(tried > 10, "\(tried)")
    }
}
