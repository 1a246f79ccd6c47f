import Basics
import Networks
import Testing
import Torch

@testable import Backbones

/// Compares the catalogue with timm's.
struct CatalogTests {
    @Test func `The catalogue has the variants of timm's fixture`() throws {
        #expect(Set(BackboneCatalog.published.map(\.name)) == Set(try TimmVariants.facts().keys))
    }

    @Test func `Names and shapes of every variant's tensors equal timm's`() throws {
        let expected = try TimmVariants.shapes()
        for variant in BackboneCatalog.published {
            let store = ParameterStore(seed: 0, on: .shapesOnly)
            _ = try variant.network(in: store.root)
            let actual = Dictionary(uniqueKeysWithValues: store.tensors.map { ($0.name, $0.tensor.shape) })
            let timm = try #require(expected[variant.name], "the fixture has no \(variant.name)")
            for (name, shape) in timm where actual[name] != shape {
                Issue.record(
                    "\(variant.name): \(name) should be \(shape), not \(actual[name]?.description ?? "missing")")
            }
            for name in actual.keys where timm[name] == nil {
                Issue.record("\(variant.name): timm has no \(name)")
            }
        }
    }

    @Test func `Sizes and multiply-adds of every variant equal timm's`() throws {
        let facts = try TimmVariants.facts()
        for variant in BackboneCatalog.published {
            let timm = try #require(facts[variant.name], "the fixture has no \(variant.name)")
            let size = try variant.size()
            #expect(variant.imageSize == timm["image_size"]?.integer, "\(variant.name)")
            #expect(size.parameters == timm["parameters"]?.integer, "\(variant.name)")
            #expect(size.multiplyAdds == timm["multiply_adds"]?.integer, "\(variant.name)")
            #expect(size.features == timm["features"]?.integer, "\(variant.name)")
        }
    }

    @Test func `Statistics are those of the weights, and depend on their tag if needed`() throws {
        for (name, timm) in try TimmVariants.facts() {
            guard let variant = try? BackboneCatalog.variant(name) else { continue }
            #expect(variant.mean == timm["mean"]?.numbers, "\(name)")
            #expect(variant.deviation == timm["deviation"]?.numbers, "\(name)")
            for (tag, other) in timm["weights"]?.object ?? [:] {
                let tagged = try BackboneCatalog.variant("\(name).\(tag)")
                #expect(tagged.mean == other["mean"]?.numbers, "\(name).\(tag)")
                #expect(tagged.deviation == other["deviation"]?.numbers, "\(name).\(tag)")
            }
        }
        #expect(try BackboneCatalog.variant("tf_efficientnet_b5.ns_jft_in1k").statistics == .imageNet)
    }

    @Test func `The map of the stage before the last is twice as fine`() throws {
        for variant in BackboneCatalog.variants where !variant.name.hasPrefix("vit_") {
            let store = ParameterStore(seed: 0, on: .shapesOnly)
            let network = try variant.network(in: store.root)
            let images = try Tensor(repeating: 0, shape: [1, 3, 384, 384], on: .shapesOnly)
            let maps = try network.features(images, mode: .evaluation)
            #expect(maps.last.shape == [1, network.featureCount, 12, 12], "\(variant.name)")
            #expect(maps.beforeLast.shape == [1, network.earlierFeatureCount, 24, 24], "\(variant.name)")
        }
    }

    @Test func `Both maps of a vision transformer have a place for each patch, and there is a class token`() throws {
        let variants = BackboneCatalog.variants.filter { $0.name.hasPrefix("vit_") }
        #expect(variants.count == 10)
        for variant in variants {
            let network = try variant.network(in: ParameterStore(seed: 0, on: .shapesOnly).root)
            let images = try Tensor(repeating: 0, shape: [1, 3, 224, 448], on: .shapesOnly)
            let maps = try network.features(images, mode: .evaluation)
            let (height, width) = variant.name.contains("patch14") ? (16, 32) : (14, 28)
            #expect(network.hasClassToken)
            for map in [maps.last, maps.beforeLast, maps.classToken?.source] {
                #expect(map?.shape == [1, network.featureCount, height, width], "\(variant.name)")
            }
            #expect(maps.classToken?.token.shape == [1, network.featureCount], "\(variant.name)")
        }
    }

    @Test func `Licences are those of the weights`() throws {
        for (name, timm) in try TimmVariants.facts() {
            guard let variant = try? BackboneCatalog.variant(name) else { continue }
            #expect(variant.licence == timm["licence"]?.string, "\(name)")
            for (tag, licence) in timm["licences"]?.object ?? [:] {
                #expect(try BackboneCatalog.variant("\(name).\(tag)").licence == licence.string, "\(name).\(tag)")
            }
        }
    }

    @Test func `The error for an unknown name suggests the nearest`() {
        #expect(throws: BackboneError.unknown(name: "convnext_tinny", nearest: "convnext_tiny")) {
            try BackboneCatalog.variant("convnext_tinny")
        }
    }
}
