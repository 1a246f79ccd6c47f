import Basics
import Configuration

/// What the runner asks of the worker: one JSON document on the worker's standard input.
///
/// Only names, numbers and file paths cross; every path is absolute.
public enum Job: Codable, Sendable, Equatable {
    case train(TrainJob)
    case embed(EmbedJob)
    case bridge(AdapterJob)
    case explain(ExplainJob)
    case fetch(FetchJob)
    case estimate(EstimateJob)
}

/// Brings a model's weights from a hub into the cache that the environment names.
public struct FetchJob: Codable, Sendable, Equatable {
    /// What is wanted, as a configuration says it: `hf-hub:timm/NAME[@revision]`.
    public var weights: String

    /// Creates a job.
    public init(weights: String) { self.weights = weights }
}

/// Trains one member of the ensemble for one seed and fold.
///
/// Writes `model.safetensors`, `model.json` and `history.csv` into `output`.
public struct TrainJob: Codable, Sendable, Equatable {
    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    /// The `split.csv` that says which photographs train and which validate.
    public var split: String
    public var member: MemberSettings
    public var train: TrainSettings
    public var seed: Int
    public var fold: Int
    public var device: DeviceChoice
    public var precision: Precision
    public var checkpoints: CheckpointSettings
    /// The folder that receives the artefacts; training goes on from the checkpoints that lie there.
    public var output: String

    /// What the worker tells of the training beside its files.
    public struct Facts: Codable, Sendable {
        public let bestEpoch: Int
        @OrNull public private(set) var bestValidationMAP: Double?
        public let trainingPhotographs: Int
        public let seed: Int
        public let fold: Int
        /// How many epochs there were; nil where they were as many as configured.
        public let epochs: Int?
        /// The mean of the epochs' rates, photographs a second.
        public let imagesPerSecond: Double?
        /// After each epoch.
        public let residentMegabytes: [Double]
        public let liveTensors: [Int]

        private enum CodingKeys: String, CodingKey {
            case seed, fold, epochs
            case bestEpoch = "best_epoch"
            case bestValidationMAP = "best_validation_map"
            case trainingPhotographs = "training_photographs"
            case imagesPerSecond = "images_per_second"
            case residentMegabytes = "resident_megabytes"
            case liveTensors = "live_tensors"
        }

        /// Collects the parts.
        public init(
            bestEpoch: Int, bestValidationMAP: Double?, trainingPhotographs: Int, seed: Int, fold: Int, epochs: Int?,
            imagesPerSecond: Double?, residentMegabytes: [Double], liveTensors: [Int]
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
        }
    }

    /// Creates a job.
    public init(
        data: DataSettings, split: String, member: MemberSettings, train: TrainSettings, seed: Int, fold: Int,
        device: DeviceChoice, precision: Precision, checkpoints: CheckpointSettings = .init(), output: String
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
        self.output = output
    }
}

/// Turns every photograph of a folder into one vector of unit length.
public struct EmbedJob: Codable, Sendable, Equatable {
    /// Which network embeds.
    public enum Model: Codable, Sendable, Equatable {
        /// A folder with `model.safetensors` and `model.json`.
        case trained(directory: String)
        /// A backbone's pooled features; `weights` is a safetensors file under timm's names.
        case backbone(name: String, weights: String, imageSize: Int, fit: Fit)
        /// The network as training found it, before its first step.
        case untrained(member: MemberSettings, train: TrainSettings, seed: Int)
    }

    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    public var model: Model
    /// Whether the mirror image's embedding is averaged in.
    public var mirror: Bool
    /// Whether photographs that cannot be read have no row; else the first of them stops the job.
    public var skipsBroken: Bool
    public var device: DeviceChoice
    public var precision: Precision
    /// The `.npy` file to write, rows in the order of the metadata; beside it goes a `.csv` with the image_ids.
    public var output: String

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
