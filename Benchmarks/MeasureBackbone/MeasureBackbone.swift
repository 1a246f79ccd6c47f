import Backbones
import Basics
import Foundation
import Networks
import Torch

/// Does one repetition for every line of input, `inference` or `training`, and prints the seconds.
///
/// `Benchmarks/backbones` starts it and takes turns with timm. Arguments: a variant, a batch size and a precision.
@main
struct MeasureBackbone {
    private let network: any Backbone
    private let parameters: [Parameter]
    private let images: Tensor
    /// Valid throughout, since a training repetition takes no step and so changes no weights.
    private let folded = FoldedWeights()

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3, let batch = Int(arguments[1]), let precision = precisions[arguments[2]] else {
            throw MeasureError.usage
        }
        try Runtime.useThreads()
        Runtime.keepFreedMemory()
        let measure = try MeasureBackbone(arguments[0], batch: batch, precision: precision)
        print("libtorch \(Runtime.version), \(Runtime.threadCount) threads, \(Runtime.cpuCapability)")
        fflush(nil)
        while let line = readLine() {
            let clock = ContinuousClock()
            let duration =
                switch line {
                case "inference": try clock.measure { try measure.infer() }
                case "training": try clock.measure { try measure.train() }
                default: throw MeasureError.usage
                }
            print(duration / .seconds(1))
            fflush(nil)
        }
    }

    private static let precisions = ["float32": ScalarType.float32, "bfloat16": .bfloat16]

    private init(_ name: String, batch: Int, precision: ScalarType) throws {
        let store = ParameterStore(seed: 1)
        let variant = try BackboneCatalog.variant(name)
        network = try variant.network(in: store.root.computing(in: precision))
        parameters = store.parameters
        var generator = SeededGenerator(seed: 1)
        let shape = [batch, 3, variant.imageSize, variant.imageSize]
        images = try Tensor(
            (0..<shape.reduce(1, *)).map { _ in Float(generator.uniform(-1...1)) }, shape: shape
        ).channelsLast()
    }

    /// Computes a batch's pooled features.
    private func infer() throws {
        _ = try network(images, mode: .serving(folded)).mean(over: [2, 3])
    }

    /// Runs forward and backward, then clears the gradients.
    private func train() throws {
        let mode = Mode.training(Noise(SeededGenerator(seed: 1)))
        try network(images, mode: mode).mean(over: [2, 3]).sum().backward()
        for parameter in parameters { try parameter.tensor.clearGradient() }
    }
}

/// A wrong call.
enum MeasureError: Error, CustomStringConvertible {
    case usage

    var description: String {
        "usage: measure-backbone VARIANT BATCH float32|bfloat16, then lines 'inference' or 'training'; see Benchmarks/backbones"
    }
}
