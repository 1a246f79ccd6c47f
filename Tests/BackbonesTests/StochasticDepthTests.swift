import Basics
import Networks
import Testing
import Torch

@testable import Backbones

/// Stochastic depth in the families; LayerTests tests a single layer of it.
struct StochasticDepthTests {
    /// The families, here as small as the reference networks.
    enum Family: CaseIterable { case efficientNet, convNeXt }

    /// The pooled last map of a network with the numbers of seed 1.
    private func pooled(_ family: Family, stochasticDepth: Double, mode: Mode) throws -> [Float] {
        let store = ParameterStore(seed: 1)
        let network: any Backbone =
            switch family {
            case .efficientNet:
                try EfficientNet(.b(width: 0.25, depth: 1), stochasticDepth: stochasticDepth, in: store.root)
            case .convNeXt:
                try ConvNeXt(
                    .init(depths: [1, 1, 2, 1], widths: [16, 32, 64, 128]), stochasticDepth: stochasticDepth,
                    in: store.root)
            }
        // Layer scale starts so small that a dropped branch would have no visible effect.
        for (name, tensor) in store.tensors where name.hasSuffix("gamma") {
            try tensor.assign(Tensor(repeating: 1, shape: tensor.shape))
        }
        let images = try Golden.tensor("input", shape: [4, 3, 64, 64])
        return try network(images, mode: mode).mean(over: [2, 3]).floats()
    }

    private func training(seed: UInt64) -> Mode { .training(Noise(SeededGenerator(seed: seed))) }

    @Test(arguments: Family.allCases) func `It is drawn only in training, from the step's noise`(family: Family) throws
    {
        let drawn = try pooled(family, stochasticDepth: 0.5, mode: training(seed: 1))
        #expect(try drawn == pooled(family, stochasticDepth: 0.5, mode: training(seed: 1)))
        #expect(try drawn != pooled(family, stochasticDepth: 0.5, mode: training(seed: 2)))
        #expect(try drawn != pooled(family, stochasticDepth: 0, mode: training(seed: 1)))
        let resting = try pooled(family, stochasticDepth: 0.5, mode: .evaluation)
        #expect(try resting == pooled(family, stochasticDepth: 0, mode: .evaluation))
    }
}
