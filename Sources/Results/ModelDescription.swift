import Basics

/// `model.json`: the architecture of a trained network, its classes and what it was trained by.
public struct ModelDescription: Sendable, Equatable, Codable {
    /// The settings of a member as they were resolved.
    public struct Settings: Sendable, Equatable, Codable {
        /// The member, with the options that are not at their standard value.
        public var member: JSONValue
        /// The section `train`, likewise.
        public var train: JSONValue

        /// Collects both.
        public init(member: JSONValue, train: JSONValue) {
            self.member = member
            self.train = train
        }
    }

    public var backbone: String
    /// Trainable numbers of backbone and neck; the head serves training alone.
    public var parameters: Int
    /// Side of the square input, pixels.
    public var imageSize: Int
    public var fit: Fit
    /// Of each channel, by which pixels in 0…1 are normalised.
    public var mean: [Double]
    public var deviation: [Double]
    /// The animals, in the order of the head's classes.
    public var classes: [String]
    /// The training photographs of each class; nil in descriptions of older versions.
    public var classPhotographs: [Int]?
    /// Width of the embedding.
    public var embedding: Int
    public var configuration: Settings
    public var bestEpoch: Int
    @OrNull public var bestValidationMAP: Double?
    public var trainingPhotographs: Int
    public var seed: Int
    public var fold: Int
    /// How many epochs there were; nil where they were as many as configured.
    public var epochs: Int?

    /// Collects the parts.
    public init(
        backbone: String, parameters: Int, imageSize: Int, fit: Fit, mean: [Double], deviation: [Double],
        classes: [String], classPhotographs: [Int]?, embedding: Int, configuration: Settings, bestEpoch: Int,
        bestValidationMAP: Double?, trainingPhotographs: Int, seed: Int, fold: Int, epochs: Int?
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
    }

    private enum CodingKeys: String, CodingKey {
        case backbone, parameters, fit, mean, deviation, classes, embedding, configuration, seed, fold, epochs
        case imageSize = "image_size"
        case classPhotographs = "class_photographs"
        case bestEpoch = "best_epoch"
        case bestValidationMAP = "best_validation_map"
        case trainingPhotographs = "training_photographs"
    }
}
