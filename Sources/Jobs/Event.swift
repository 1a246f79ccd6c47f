import Basics
import Configuration

/// A report of the worker while it runs: one JSON document per line on its standard output.
public enum Event: Codable, Sendable, Equatable {
    /// The progress of the job; `rate` is in photographs a second, `note` a figure to show, such as the loss.
    case progress(done: Int, total: Int, unit: String, rate: Double?, note: String?)
    /// A line for the log.
    case message(String)
    /// The job is done and its artefacts are in place; `facts` are facts about the run to keep.
    case finished(facts: JSONValue)
    /// The job failed: a message for the user.
    case failed(String)
}

/// The abilities of a worker, as `whalebook-worker describe` prints them.
public struct WorkerDescription: Codable, Sendable, Equatable {
    /// One network of the catalogue.
    public struct Backbone: Codable, Sendable, Equatable {
        /// The name in timm.
        public var name: String
        /// Trainable parameters, without the classifier.
        public var parameters: Int
        /// Multiply-adds for one image of `imageSize`.
        public var multiplyAdds: Int
        /// Width of the pooled features.
        public var features: Int
        /// Side of the input that the published weights expect, pixels.
        public var imageSize: Int
        /// The means that they expect to be subtracted from red, green and blue, in 0…1.
        public var mean: [Double]
        /// The standard deviations that they expect as divisors.
        public var deviation: [Double]
        /// The licence of the published weights, as a hub's identifier; nil if none is stated.
        public var licence: String?

        enum CodingKeys: String, CodingKey {
            case name, parameters, features, mean, deviation, licence
            case multiplyAdds = "multiply_adds"
            case imageSize = "image_size"
        }

        /// Creates an entry.
        public init(
            name: String, parameters: Int, multiplyAdds: Int, features: Int, imageSize: Int, mean: [Double],
            deviation: [Double], licence: String? = nil
        ) {
            self.name = name
            self.parameters = parameters
            self.multiplyAdds = multiplyAdds
            self.features = features
            self.imageSize = imageSize
            self.mean = mean
            self.deviation = deviation
            self.licence = licence
        }
    }

    /// The version of libtorch.
    public var libtorch: String
    /// `cpu`, and a name such as `cuda:0` for each graphics card.
    public var devices: [String]
    /// The instruction set that libtorch's kernels use, such as `AVX2`; low bits depend on it.
    public var cpuCapability: String
    /// Threads of one operation; low bits depend on it.
    public var threads: Int
    public var backbones: [Backbone]

    /// The numbers of the graphics cards.
    public var cards: [Int] {
        devices.compactMap { name in
            if case .card(let number) = DeviceChoice(rawValue: name) { number ?? 0 } else { nil }
        }
    }

    /// Creates a description.
    public init(libtorch: String, devices: [String], cpuCapability: String, threads: Int, backbones: [Backbone]) {
        self.libtorch = libtorch
        self.devices = devices
        self.cpuCapability = cpuCapability
        self.threads = threads
        self.backbones = backbones
    }
}
