import Basics

/// What the worker tells while it works: one JSON document a line on the worker's standard output.
public enum Event: Codable, Sendable, Equatable {
    /// How far the job is; `rate` is in photographs a second, `note` a figure worth showing, such as the loss.
    case progress(done: Int, total: Int, unit: String, rate: Double?, note: String?)
    /// A line for the log.
    case message(String)
    /// The job is done and its artefacts lie in place; `facts` is what is worth keeping of the run.
    case finished(facts: JSONValue)
    /// The job failed, and why: a message for the user.
    case failed(String)
}

/// What a worker can do, as `whalebook-worker describe` tells it.
public struct WorkerDescription: Codable, Sendable, Equatable {
    /// One network of the catalogue.
    public struct Backbone: Codable, Sendable, Equatable {
        /// timm's name.
        public var name: String
        /// Trainable numbers, the classifier left out.
        public var parameters: Int
        /// Products that are added up for one image of `imageSize`.
        public var multiplyAdds: Int
        /// Width of the pooled features.
        public var features: Int
        /// Side of the input that the published weights expect, pixels.
        public var imageSize: Int
        /// What they expect to be subtracted from red, green and blue in 0…1.
        public var mean: [Double]
        /// What they expect those to be divided by.
        public var deviation: [Double]

        enum CodingKeys: String, CodingKey {
            case name, parameters, features, mean, deviation
            case multiplyAdds = "multiply_adds"
            case imageSize = "image_size"
        }

        /// Creates an entry.
        public init(
            name: String, parameters: Int, multiplyAdds: Int, features: Int, imageSize: Int, mean: [Double],
            deviation: [Double]
        ) {
            self.name = name
            self.parameters = parameters
            self.multiplyAdds = multiplyAdds
            self.features = features
            self.imageSize = imageSize
            self.mean = mean
            self.deviation = deviation
        }
    }

    /// The version of libtorch.
    public var libtorch: String
    /// `cpu`, and `cuda` where a graphics card is there.
    public var devices: [String]
    /// The instruction set that libtorch's kernels use, such as `AVX2`; low bits depend on it.
    public var cpuCapability: String
    /// Threads of one operation; low bits depend on it.
    public var threads: Int
    public var backbones: [Backbone]

    /// Creates a description.
    public init(libtorch: String, devices: [String], cpuCapability: String, threads: Int, backbones: [Backbone]) {
        self.libtorch = libtorch
        self.devices = devices
        self.cpuCapability = cpuCapability
        self.threads = threads
        self.backbones = backbones
    }
}
