import Basics
import Networks
import Torch

/// The backbones that can be named in a configuration.
public enum BackboneCatalog {
    /// One variant: its architecture and what its published weights expect of an image.
    public struct Variant: Sendable {
        /// timm's name, without the tag of the weights.
        public let name: String
        /// Side of the input that the published weights were trained at, pixels.
        public let imageSize: Int
        /// What is subtracted from each channel of an image in 0…1.
        public let mean: [Double]
        /// What each channel is divided by.
        public let deviation: [Double]
        private let architecture: Architecture

        init(_ name: String, imageSize: Int, mean: [Double], deviation: [Double], _ architecture: Architecture) {
            self.name = name
            self.imageSize = imageSize
            self.mean = mean
            self.deviation = deviation
            self.architecture = architecture
        }

        /// timm's name of the classifier, which a file of published weights has and this network does not.
        public var classifier: String { architecture.classifier }

        /// Lays the network in a scope.
        public func network(in scope: ParameterScope) throws -> any Backbone {
            switch architecture {
            case .efficientNet(let configuration): try EfficientNet(configuration, in: scope)
            }
        }
    }

    enum Architecture: Sendable {
        case efficientNet(EfficientNet.Configuration)

        /// timm's name of the layer that the published networks end with and these leave off.
        var classifier: String {
            switch self {
            case .efficientNet: "classifier"
            }
        }
    }

    private static let half = [0.5, 0.5, 0.5]
    private static let imageNetMean = [0.485, 0.456, 0.406]
    private static let imageNetDeviation = [0.229, 0.224, 0.225]

    /// Width and depth multipliers and image sizes of EfficientNet B0 to B8.
    private static let scaling: [(width: Double, depth: Double, size: Int)] = [
        (1.0, 1.0, 224), (1.0, 1.1, 240), (1.1, 1.2, 260), (1.2, 1.4, 300), (1.4, 1.8, 380), (1.6, 2.2, 456),
        (1.8, 2.6, 528), (2.0, 3.1, 600), (2.2, 3.6, 672),
    ]

    private static let liteSizes = [224, 240, 260, 280, 300]

    /// Every variant, smallest first within its family.
    public static let variants: [Variant] =
        liteSizes.enumerated().map { index, size in
            Variant(
                "tf_efficientnet_lite\(index)", imageSize: size, mean: half, deviation: half,
                .efficientNet(
                    .init(
                        channelMultiplier: scaling[index].width, depthMultiplier: liteDepths[index], isLite: true,
                        padding: .same, normEpsilon: 1e-3)))
        }
        + efficientNets("tf_efficientnet_b", padding: .same, normEpsilon: 1e-3, count: 9)
        + efficientNets("efficientnet_b", padding: .symmetric, normEpsilon: 1e-5, count: 9)

    private static let liteDepths = [1.0, 1.1, 1.2, 1.4, 1.8]

    private static func efficientNets(
        _ prefix: String, padding: Padding, normEpsilon: Double, count: Int
    ) -> [Variant] {
        scaling.prefix(count).enumerated().map { index, scale in
            Variant(
                "\(prefix)\(index)", imageSize: scale.size, mean: imageNetMean, deviation: imageNetDeviation,
                .efficientNet(
                    .init(
                        channelMultiplier: scale.width, depthMultiplier: scale.depth, padding: padding,
                        normEpsilon: normEpsilon)))
        }
    }

    /// The variant of that name; a tag of weights after a dot, such as `.ns_jft_in1k`, does not matter.
    ///
    /// - Throws: ``BackboneError/unknown(name:nearest:)``.
    public static func variant(_ name: String) throws -> Variant {
        let plain = name.split(separator: ".").first.map(String.init) ?? name
        if let variant = variants.first(where: { $0.name == plain }) { return variant }
        throw BackboneError.unknown(name: name, nearest: Spelling.nearest(to: plain, among: variants.map(\.name)))
    }
}

/// A backbone that the catalogue does not have.
public enum BackboneError: Error, Equatable, CustomStringConvertible {
    case unknown(name: String, nearest: String?)

    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "There is no backbone '\(name)'. " + (nearest.map { "Did you mean '\($0)'? " } ?? "")
                + "'whalebook backbones' lists them."
        }
    }
}
