/// How weights move.
public struct OptimizerSettings: Sendable, Codable, Equatable {
    /// The rule of the step.
    public enum Kind: String, Sendable, Codable, CaseIterable { case adamw, adam, sgd }

    /// What the weight decay reaches, which for Adam and SGD is L2 in the gradient.
    public enum Decays: String, Sendable, Codable, CaseIterable {
        /// What is multiplied with: no biases, norms, or exponents of pooling.
        case weights
        case all
    }

    public var kind: Kind
    /// Of neck and head.
    public var learningRate: Double
    /// The head's own; nil for that of the neck.
    public var headLearningRate: Double?
    public var backboneLearningRate: Double
    /// What each layer of the backbone moves at, as a share of the next one's rate.
    public var layerDecay: Double
    public var weightDecay: Double
    public var decays: Decays
    /// For ``Kind/sgd``.
    public var momentum: Double
    /// The gradient's largest global norm; 0 leaves it as it is.
    public var clipNorm: Double

    /// The word for a head that moves as the neck does.
    static let same = "same"

    enum CodingKeys: String, CodingKey {
        case kind, decays, momentum
        case learningRate = "learning-rate"
        case headLearningRate = "head-learning-rate"
        case backboneLearningRate = "backbone-learning-rate"
        case layerDecay = "layer-decay"
        case weightDecay = "weight-decay"
        case clipNorm = "clip-norm"
    }

    /// Reads the section with every option at its value.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decode(Kind.self, forKey: .kind)
        learningRate = try values.decode(Double.self, forKey: .learningRate)
        headLearningRate = try? values.decode(Double.self, forKey: .headLearningRate)
        backboneLearningRate = try values.decode(Double.self, forKey: .backboneLearningRate)
        layerDecay = try values.decode(Double.self, forKey: .layerDecay)
        weightDecay = try values.decode(Double.self, forKey: .weightDecay)
        decays = try values.decode(Decays.self, forKey: .decays)
        momentum = try values.decode(Double.self, forKey: .momentum)
        clipNorm = try values.decode(Double.self, forKey: .clipNorm)
    }

    /// Writes the section as ``init(from:)`` reads it.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(kind, forKey: .kind)
        try values.encode(learningRate, forKey: .learningRate)
        if let headLearningRate {
            try values.encode(headLearningRate, forKey: .headLearningRate)
        } else {
            try values.encode(Self.same, forKey: .headLearningRate)
        }
        try values.encode(backboneLearningRate, forKey: .backboneLearningRate)
        try values.encode(layerDecay, forKey: .layerDecay)
        try values.encode(weightDecay, forKey: .weightDecay)
        try values.encode(decays, forKey: .decays)
        try values.encode(momentum, forKey: .momentum)
        try values.encode(clipNorm, forKey: .clipNorm)
    }
}
