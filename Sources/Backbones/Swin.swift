import Networks
import Torch

/// Swin Transformer, with timm's names of parameters.
///
/// A window never is larger than its stage's map, so the size of the images decides the shapes of some parameters, as in
/// timm. A network takes images of other sizes too; their maps are filled up to whole windows.
///
/// Source: Liu et al., ICCV 2021.
public struct Swin: Backbone {
    /// All that tells one variant from another.
    public struct Configuration: Sendable, Equatable {
        /// Channels of the first stage; each further one has twice those of the one before.
        var width: Int
        /// Blocks of each stage.
        var depths: [Int]
        /// Heads of each stage.
        var heads: [Int]
        /// Side of a window, tokens.
        var window: Int
    }

    /// Side of a patch, pixels.
    static let patch = 4
    /// What the matrices start from.
    static let weights = InitialValue.normal(deviation: 0.02)

    public let featureCount: Int
    public let earlierFeatureCount: Int
    private let embedding: Conv2d
    private let embeddingNorm: LayerNorm
    private let body: SwinBody

    /// Creates the network for square images.
    ///
    /// - Parameters:
    ///   - imageSize: Side of the images that it is meant for, pixels.
    ///   - stochasticDepth: The rate at which the last block is left out, in `0..<1`; from the first block, which never
    ///     is, the rate rises linearly.
    /// - Throws: ``SwinError/partialPatches(height:width:)``.
    public init(
        _ configuration: Configuration, imageSize: Int, stochasticDepth: Double = 0, in scope: ParameterScope
    ) throws {
        let grid = try Self.grid(height: imageSize, width: imageSize)
        embedding = try Conv2d(
            3, configuration.width, kernel: Self.patch, stride: Self.patch, padding: .none, hasBias: true,
            weights: Self.weights, in: scope / "patch_embed" / "proj")
        embeddingNorm = try LayerNorm(configuration.width, in: scope / "patch_embed" / "norm")
        body = try SwinBody(configuration, side: grid.height, stochasticDepth: stochasticDepth, in: scope)
        featureCount = body.featureCount
        earlierFeatureCount = body.earlierFeatureCount
    }

    /// The maps of the last two stages, shapes `[N, featureCount, …]` and `[N, earlierFeatureCount, …]`.
    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        let shape = images.shape
        _ = try Self.grid(height: shape[2], width: shape[3])
        let patches = try embedding(images.channelsLast(), mode: mode).permuted([0, 2, 3, 1])
        return try body(embeddingNorm(patches, mode: mode), mode: mode)
    }

    /// The patches of an image.
    static func grid(height: Int, width: Int) throws -> (height: Int, width: Int) {
        guard height >= patch, width >= patch, height % patch == 0, width % patch == 0 else {
            throw SwinError.partialPatches(height: height, width: width)
        }
        return (height / patch, width / patch)
    }
}

/// An image that Swin cannot cut up.
public enum SwinError: Error, Equatable, CustomStringConvertible {
    case partialPatches(height: Int, width: Int)

    public var description: String {
        switch self {
        case .partialPatches(let height, let width):
            let sides = [height, width].map { max(1, ($0 + Swin.patch / 2) / Swin.patch) * Swin.patch }
            return "Swin cuts images into patches of \(Swin.patch) pixels, but this one is \(height) high and \(width) "
                + "wide. Make it \(sides[0]) by \(sides[1])."
        }
    }
}
