import Networks
import Torch

/// The statistics that weights expect of an image in 0…1: one number for red, green and blue.
public struct ChannelStatistics: Sendable, Equatable {
    /// Subtracted from each channel.
    public let mean: [Double]
    /// The divisor of each channel.
    public let deviation: [Double]

    /// Maps 0…1 to -1…1.
    static let half = Self(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
    /// The mean and deviation of ImageNet's photographs.
    static let imageNet = Self(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
    /// The mean and deviation of the photographs that CLIP was trained on (Radford et al., ICML 2021).
    static let clip = Self(
        mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])
    /// The mean and deviation of the satellite pictures that some of DINOv3's weights were trained on.
    static let satellite = Self(mean: [0.43, 0.411, 0.296], deviation: [0.213, 0.156, 0.143])
}

/// The licence of published weights by their tag, as identifiers of a hub; nil if none is stated.
struct WeightsLicence: Sendable {
    private let usual: String?
    private let exceptions: [String: String?]

    /// Creates a licence; `exceptions` has those of other weights by the start of their tag.
    init(_ usual: String?, exceptions: [String: String?] = [:]) {
        self.usual = usual
        self.exceptions = exceptions
    }

    /// The licence of the weights with a tag, or of the default ones.
    func callAsFunction(tag: String?) -> String? {
        let exception = tag.flatMap { tag in exceptions.first { tag.hasPrefix($0.key) } }
        return exception?.value ?? (exception == nil ? usual : nil)
    }
}

/// The size of a network.
public struct NetworkSize: Sendable, Equatable {
    /// Trainable numbers, without the classifier.
    public let parameters: Int
    /// Multiply-adds for one image of the variant's size: convolutions, linear layers and products of attention.
    public let multiplyAdds: Int
    /// The width of the pooled features.
    public let features: Int
}

extension BackboneCatalog {
    /// One variant: its architecture and the input that its published weights expect.
    public struct Variant: Sendable {
        typealias Build =
            @Sendable (_ scope: ParameterScope, _ imageSize: Int, _ stochasticDepth: Double) throws -> any Backbone

        /// timm's name, without the tag of the weights.
        public let name: String
        /// Side of the input that timm's default weights were trained at, pixels.
        public let imageSize: Int
        /// The statistics that the weights expect of the channels.
        public let statistics: ChannelStatistics
        /// The name of the published network's classifier, which is not part of the backbone.
        public let classifier: String
        /// The parts of the published weights that a hybrid does not use; nil for other backbones.
        private let parts: (cnn: LeftOvers, swin: LeftOvers)?
        private let exceptions: [String: ChannelStatistics]
        private let licences: WeightsLicence
        /// The tag of the weights; nil for timm's default ones.
        private let tag: String?
        private let build: Build

        /// Creates a variant; `exceptions` has the statistics of weights that differ from the default ones, by the
        /// start of their tag.
        init(
            _ name: String, imageSize: Int, statistics: ChannelStatistics,
            exceptions: [String: ChannelStatistics] = [:], licence: WeightsLicence, tag: String? = nil,
            classifier: String, parts: (cnn: LeftOvers, swin: LeftOvers)? = nil, build: @escaping Build
        ) {
            self.name = name
            self.imageSize = imageSize
            self.statistics = statistics
            self.exceptions = exceptions
            licences = licence
            self.tag = tag
            self.classifier = classifier
            self.parts = parts
            self.build = build
        }

        /// The licence of the weights, as an identifier of a hub such as `apache-2.0`; nil if none is stated, as for a
        /// hybrid, whose parts have their own.
        public var licence: String? { licences(tag: tag) }

        /// Subtracted from each channel of an image in 0…1.
        public var mean: [Double] { statistics.mean }
        /// The divisor of each channel.
        public var deviation: [Double] { statistics.deviation }

        /// The variant with the statistics and the licence of the weights with that tag.
        func withWeights(tagged tag: String) -> Self {
            let exception = exceptions.first { tag.hasPrefix($0.key) }?.value
            return Self(
                name, imageSize: imageSize, statistics: exception ?? statistics, exceptions: exceptions,
                licence: licences, tag: tag, classifier: classifier, parts: parts, build: build)
        }

        /// Builds the network in a scope.
        ///
        /// - Parameters:
        ///   - scope: The network's place in the store; it gives names and initial weights to the parameters.
        ///   - imageSize: Side of the images that it is built for, pixels; by default the weights' own. Swin's windows
        ///     and their learned biases shrink with it, and so does the map of a vision transformer's positions.
        ///   - stochasticDepth: The rate at which training drops the last block, in `0..<1`.
        /// - Returns: The network, which ``load(_:into:under:)`` can fill from published weights.
        /// - Throws: ``PatchError/partial(owner:side:height:width:)`` for an image size that a transformer cannot cut
        ///   into patches, ``ParameterError/duplicate(name:)`` for a scope in use, ``TorchError``.
        public func network(
            in scope: ParameterScope, imageSize: Int? = nil, stochasticDepth: Double = 0
        ) throws -> any Backbone {
            try build(scope, imageSize ?? self.imageSize, stochasticDepth)
        }

        /// Whether it consists of two published networks, each with its own weights.
        public var isHybrid: Bool { parts != nil }

        /// Fills a network from published weights, and converts those of another image size.
        ///
        /// `prefix` is the network's place in the store and ends with a full stop.
        ///
        /// - Throws: ``ParameterError``, ``BackboneError/notWhole(name:reason:)``, ``TorchError``.
        public func load(_ weights: any TensorFile, into store: ParameterStore, under prefix: String = "") throws {
            do {
                try store.load(weights, under: prefix, leaving: .classifier(classifier), fitting: true)
            } catch let error as ParameterError where isHybrid {
                throw BackboneError.notWhole(name: name, reason: "\(error)")
            }
        }

        /// Fills the parts of a hybrid from the published weights of each; a part without weights does not change.
        ///
        /// - Throws: ``ParameterError``, ``BackboneError/noParts(name:)``, ``TorchError``.
        public func load(
            cnn: (any TensorFile)?, transformer: (any TensorFile)?, into store: ParameterStore,
            under prefix: String = ""
        ) throws {
            guard let parts else { throw BackboneError.noParts(name: name) }
            if let cnn { try store.load(cnn, under: prefix + "cnn.", leaving: parts.cnn) }
            if let transformer {
                try store.load(transformer, under: prefix + "swin.", leaving: parts.swin, fitting: true)
            }
        }

        /// Computes the network's size by passing an image without numbers through it.
        public func size() throws -> NetworkSize {
            let store = ParameterStore(seed: 0, on: .shapesOnly)
            let network = try network(in: store.root)
            let tally = Tally()
            let image = try Tensor(repeating: 0, shape: [1, 3, imageSize, imageSize], on: .shapesOnly)
            _ = try network(image, mode: .counting(tally))
            return NetworkSize(
                parameters: store.parameterCount, multiplyAdds: tally.multiplyAdds, features: network.featureCount)
        }
    }
}
