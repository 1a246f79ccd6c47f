import Basics
import Configuration

/// A job for the worker: one JSON document on its standard input.
///
/// It contains only names, numbers and file paths; every path is absolute.
public enum Job: Codable, Sendable, Equatable {
    case train(TrainJob)
    case embed(EmbedJob)
    case bridge(AdapterJob)
    case background(BackgroundJob)
    case explain(ExplainJob)
    case keypoints(KeypointsJob)
    case search(SearchJob)
    case match(MatchJob)
    case fetch(FetchJob)
    case dataSet(DataSetJob)
    case estimate(EstimateJob)

    /// Whether several processes can share it.
    public var isShared: Bool {
        switch self {
        case .train, .embed, .search, .match: true
        case .bridge, .background, .explain, .keypoints, .fetch, .dataSet, .estimate: false
        }
    }
}

/// Downloads and unpacks a public data set; its facts are `lines`, a list of texts for the user.
public struct DataSetJob: Codable, Sendable, Equatable {
    /// The name of a `PublicDataSet`.
    public var name: String
    /// The folder to make.
    public var directory: String
    /// A folder or an address that has the archives, instead of their publishers.
    public var mirror: String?

    /// Creates a job.
    public init(name: String, directory: String, mirror: String?) {
        self.name = name
        self.directory = directory
        self.mirror = mirror
    }
}

/// Downloads a part of a published model from a hub into the cache that the environment names.
public struct FetchJob: Codable, Sendable, Equatable {
    /// The part of a model.
    public enum Part: String, Codable, Sendable {
        /// The file that states its architecture and input.
        case configuration
        case weights
    }

    /// The reference, as in a configuration: `hf-hub:OWNER/NAME[@revision]`.
    public var model: String
    public var part: Part

    /// Creates a job.
    public init(model: String, part: Part) {
        self.model = model
        self.part = part
    }
}

/// Trains one member of the ensemble for one seed and fold.
///
/// Writes `model.safetensors`, `model.json` and `history.csv` into `output`.
public struct TrainJob: Codable, Sendable, Equatable {
    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    /// The `split.csv` with the photographs for training and validation.
    public var split: String
    public var member: MemberSettings
    public var train: TrainSettings
    public var seed: Int
    public var fold: Int
    public var device: DeviceChoice
    public var precision: Precision
    public var checkpoints: CheckpointSettings
    /// The licence of the initial weights, as a hub's identifier; nil if it is unknown here.
    public var licence: String?
    /// The folder that receives the artefacts; training continues from the checkpoints in it.
    public var output: String

    /// The limit of decoded photographs that stay in memory from epoch to epoch, bytes.
    public static let cachedBytes = 1 << 30
    /// The most bytes that a decoded photograph takes there, for a network of inputs with this side in pixels.
    public static func cachedBytes(side: Int) -> Int { 12 * side * side }

    /// Facts about the training that are not in its files.
    public struct Facts: Codable, Sendable {
        public let bestEpoch: Int
        @OrNull public private(set) var bestValidationMAP: Double?
        public let trainingPhotographs: Int
        public let seed: Int
        public let fold: Int
        /// The number of epochs; nil if it is the configured one.
        public let epochs: Int?
        /// The mean rate of the epochs, photographs a second.
        public let imagesPerSecond: Double?
        /// Resident memory after each epoch. libtorch keeps what it has freed, so the last one is about the peak.
        public let residentMegabytes: [Double]
        public let liveTensors: [Int]
        /// The median time of a step on each rank, without its waits for the others; nil for one process.
        public let secondsPerStep: [Double]?

        private enum CodingKeys: String, CodingKey {
            case seed, fold, epochs
            case bestEpoch = "best_epoch"
            case bestValidationMAP = "best_validation_map"
            case trainingPhotographs = "training_photographs"
            case imagesPerSecond = "images_per_second"
            case residentMegabytes = "resident_megabytes"
            case liveTensors = "live_tensors"
            case secondsPerStep = "seconds_per_step"
        }

        /// Creates facts.
        public init(
            bestEpoch: Int, bestValidationMAP: Double?, trainingPhotographs: Int, seed: Int, fold: Int, epochs: Int?,
            imagesPerSecond: Double?, residentMegabytes: [Double], liveTensors: [Int], secondsPerStep: [Double]? = nil
        ) {
            self.bestEpoch = bestEpoch
            self.bestValidationMAP = bestValidationMAP
            self.trainingPhotographs = trainingPhotographs
            self.seed = seed
            self.fold = fold
            self.epochs = epochs
            self.imagesPerSecond = imagesPerSecond
            self.residentMegabytes = residentMegabytes
            self.liveTensors = liveTensors
            self.secondsPerStep = secondsPerStep
        }

        /// The most of ``residentMegabytes`` in a training's facts, bytes; nil if they have none.
        public static func mostBytes(in facts: JSONValue) -> Double? {
            facts[CodingKeys.residentMegabytes.rawValue]?.array?.compactMap(\.double).max().flatMap {
                $0 > 0 ? 1e6 * $0 : nil
            }
        }
    }

    /// Creates a job.
    public init(
        data: DataSettings, split: String, member: MemberSettings, train: TrainSettings, seed: Int, fold: Int,
        device: DeviceChoice, precision: Precision, checkpoints: CheckpointSettings = .init(), licence: String? = nil,
        output: String
    ) {
        self.data = data
        self.split = split
        self.member = member
        self.train = train
        self.seed = seed
        self.fold = fold
        self.device = device
        self.precision = precision
        self.checkpoints = checkpoints
        self.licence = licence
        self.output = output
    }
}

/// Computes the embedding of every photograph of a folder, a vector of unit length.
public struct EmbedJob: Codable, Sendable, Equatable {
    /// The network that embeds.
    public enum Model: Codable, Sendable, Equatable {
        /// A folder with `model.safetensors` and `model.json`.
        case trained(directory: String)
        /// The pooled features of a member's backbone; its weights are a file with timm's names.
        case backbone(MemberSettings)
        /// The network before the first step of its training.
        case untrained(member: MemberSettings, train: TrainSettings, seed: Int)
    }

    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    public var model: Model
    /// Whether embeddings are averaged with those of the mirror image.
    public var mirror: Bool
    /// Whether unreadable photographs are left out; otherwise the first one stops the job.
    public var skipsBroken: Bool
    public var device: DeviceChoice
    public var precision: Precision
    /// The `.npy` file to write, with rows in the order of the metadata; a `.csv` next to it has the image_ids.
    public var output: String

    /// The photographs that are embedded at once.
    public static let batchSize = 32

    /// Creates a job.
    public init(
        data: DataSettings, model: Model, mirror: Bool, skipsBroken: Bool = false, device: DeviceChoice,
        precision: Precision, output: String
    ) {
        self.data = data
        self.model = model
        self.mirror = mirror
        self.skipsBroken = skipsBroken
        self.device = device
        self.precision = precision
        self.output = output
    }
}
