import Basics

/// `model.json`: the architecture of a trained network, its classes and its training.
public struct ModelDescription: Sendable, Equatable, Codable {
    /// The resolved settings of a member.
    public struct Settings: Sendable, Equatable, Codable {
        /// The member, without silent options at their default.
        public var member: JSONValue
        /// The section `train`, in the same form.
        public var train: JSONValue

        /// Creates settings.
        public init(member: JSONValue, train: JSONValue) {
            self.member = member
            self.train = train
        }
    }

    public var backbone: String
    /// Trainable parameters of backbone and neck; the head is used only in training.
    public var parameters: Int
    /// Side of the square input, pixels.
    public var imageSize: Int
    public var fit: Fit
    /// The means of the channels, which normalise pixels in 0…1.
    public var mean: [Double]
    public var deviation: [Double]
    /// The animals, in the order of the head's classes.
    public var classes: [String]
    /// The number of training photographs of each class; nil in descriptions of older versions.
    public var classPhotographs: [Int]?
    /// Width of the embedding.
    public var embedding: Int
    public var configuration: Settings
    public var bestEpoch: Int
    @OrNull public var bestValidationMAP: Double?
    public var trainingPhotographs: Int
    public var seed: Int
    public var fold: Int
    /// The number of epochs; nil if it is the configured one.
    public var epochs: Int?
    /// The licence of the initial weights, as a hub's identifier; nil if it is unknown or there were none.
    public var licence: String?

    /// Creates a description.
    public init(
        backbone: String, parameters: Int, imageSize: Int, fit: Fit, mean: [Double], deviation: [Double],
        classes: [String], classPhotographs: [Int]?, embedding: Int, configuration: Settings, bestEpoch: Int,
        bestValidationMAP: Double?, trainingPhotographs: Int, seed: Int, fold: Int, epochs: Int?,
        licence: String? = nil
    ) {
        self.backbone = backbone
        self.parameters = parameters
        self.imageSize = imageSize
        self.fit = fit
        self.mean = mean
        self.deviation = deviation
        self.classes = classes
        self.classPhotographs = classPhotographs
        self.embedding = embedding
        self.configuration = configuration
        self.bestEpoch = bestEpoch
        self.bestValidationMAP = bestValidationMAP
        self.trainingPhotographs = trainingPhotographs
        self.seed = seed
        self.fold = fold
        self.epochs = epochs
        self.licence = licence
    }

    private enum CodingKeys: String, CodingKey {
        case backbone, parameters, fit, mean, deviation, classes, embedding, configuration, seed, fold, epochs, licence
        case imageSize = "image_size"
        case classPhotographs = "class_photographs"
        case bestEpoch = "best_epoch"
        case bestValidationMAP = "best_validation_map"
        case trainingPhotographs = "training_photographs"
    }
}
