import Backbones
import Basics
import Configuration
import Foundation
import Networks
import Testing
@testable import Torch

@testable import Training

struct LayerGroupTests {
    private static func settings(_ yaml: String) throws -> OptimizerSettings {
        try Pond.configuration("  optimizer: {\(yaml)}").train.optimizer
    }

    private static func parameters(_ backbone: String) throws -> [Parameter] {
        var settings = try Pond.configuration().train
        settings.members[0].backbone = backbone
        // A multiple of every network's patches.
        settings.members[0].imageSize = 224
        return try MemberModel(
            member: settings.members[0], settings: settings, seed: 1, classes: Pond.classes("a", "b"), on: .shapesOnly
        ).store.parameters
    }

    @Test(arguments: [
        "tf_efficientnet_lite0", "convnext_atto", "swin_tiny_patch4_window7_224", "vit_small_patch14_reg4_dinov2",
        "vit_small_patch16_dinov3",
    ])
    func `The layers of a backbone equal timm's`(backbone: String) throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/layer_ids.json")
        let reference = try #require(try JSONValue.read(fixture)[backbone]?.object)
        let names = try Self.parameters(backbone).map(\.name).filter { $0.hasPrefix("backbone.") }
            .map { String($0.dropFirst("backbone.".count)) }
        let (depths, count) = LayerGroup.depths(of: names)
        for (name, depth) in zip(names, depths) {
            let prefix = try #require(reference.keys.first { name == $0 || name.hasPrefix("\($0).") }, "\(name)")
            #expect(reference[prefix]?.integer == depth, "\(name)")
        }
        #expect(depths.filter { $0 < count }.max() == count - 1)
    }

    @Test func `By default each part has its rate, and norms and biases do not decay`() throws {
        let parameters = try Self.parameters("tf_efficientnet_lite0")
        let groups = LayerGroup.groups(
            parameters, try Self.settings("learning-rate: 4, backbone-learning-rate: 2, weight-decay: 0.5"))
        #expect(
            groups.map(\.group.name) == ["backbone", "backbone without decay", "head", "head without decay"])
        #expect(groups.map(\.rate) == [2, 2, 4, 4])
        #expect(groups.map(\.group.decay) == [0.5, 0, 0.5, 0])
        #expect(groups.map(\.group.parameters.count).reduce(0, +) == parameters.count)
    }

    @Test func `A layer decay slows each layer by the number of layers above it`() throws {
        let parameters = try Self.parameters("convnext_atto")
        let groups = LayerGroup.groups(
            parameters,
            try Self.settings(
                "learning-rate: 4, head-learning-rate: 8, backbone-learning-rate: 1, layer-decay: 0.5, decays: all"))
        let rates = Dictionary(uniqueKeysWithValues: groups.map { ($0.group.name, $0.rate) })
        #expect(rates["neck"] == 4 && rates["head"] == 8)
        // A stem and 2 + 2 + 6 + 2 blocks; the norm before the classifier belongs to the head.
        #expect(rates["backbone 0"] == 0x1p-13 && rates["backbone 12"] == 0.5 && rates["backbone 13"] == 1)
        #expect(groups.allSatisfy { $0.group.decay > 0 }, "everything must decay")
        #expect(groups.map(\.group.parameters.count).reduce(0, +) == parameters.count)
    }
}
