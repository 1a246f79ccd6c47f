/// The section `bridge`: small networks that turn the embedding of a top view into that of a flank, and back.
public struct BridgeSettings: Sendable, Codable, Equatable {
    /// Whether there is one.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case off
        /// A perceptron with one hidden layer, added to what it is given.
        case mlp
    }
    public var kind: Kind
    /// Width of the hidden layer.
    public var hidden: Int
    /// Of the training.
    public var steps: Int
    public var learningRate: Double
    public var weightDecay: Double
    /// What cosines are divided by before the softmax.
    public var temperature: Double
    /// The mapped similarity's share in that across views; the plain one has the rest.
    public var weight: Double
    /// Animals that training must see from both sides; with fewer none is trained.
    public var animals: Int

    enum CodingKeys: String, CodingKey {
        case kind, hidden, steps, temperature, weight, animals
        case learningRate = "learning-rate"
        case weightDecay = "weight-decay"
    }

    /// Creates settings.
    public init(
        kind: Kind = .mlp, hidden: Int, steps: Int, learningRate: Double = 1e-3, weightDecay: Double = 0.05,
        temperature: Double = 0.1, weight: Double = 0.5, animals: Int = 8
    ) {
        self.kind = kind
        self.hidden = hidden
        self.steps = steps
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.temperature = temperature
        self.weight = weight
        self.animals = animals
    }
}
