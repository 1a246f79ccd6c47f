import Basics

/// One network of the ensemble.
public struct MemberSettings: Sendable, Codable, Equatable {
    public var name: String
    public var backbone: String
    public var weights: MemberWeights
    /// Side of the square input, pixels.
    public var imageSize: Int
    /// How photographs fill it.
    public var fit: Fit
    /// The member's share in the ensemble's similarity.
    public var weight: Double
    /// The share of samples for which training leaves out the backbone's last block; earlier ones less often.
    public var stochasticDepth: Double
    /// Its own pooling; nil for that of all.
    public var pooling: PoolingSettings?
    /// Its own neck; nil for that of all.
    public var neck: NeckSettings?
    /// Its own choice whether it is trained; nil for that of all.
    public var train: MemberTraining?
    /// The folds that it is trained on; nil for all that the configuration has.
    public var folds: [Int]?

    /// The word for what a member has in common with the others.
    static let shared = "shared"
    /// The word for all folds.
    static let everyFold = "all"

    enum CodingKeys: String, CodingKey {
        case name, backbone, weights, fit, weight, pooling, neck, train, folds
        case imageSize = "image-size"
        case stochasticDepth = "stochastic-depth"
    }

    /// Reads the entry with every option at its value.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        backbone = try values.decode(String.self, forKey: .backbone)
        weights = try values.decode(MemberWeights.self, forKey: .weights)
        imageSize = try values.decode(Int.self, forKey: .imageSize)
        fit = try values.decode(Fit.self, forKey: .fit)
        weight = try values.decode(Double.self, forKey: .weight)
        stochasticDepth = try values.decode(Double.self, forKey: .stochasticDepth)
        // A word stands where there is nothing of its own.
        func own<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
            try (try? values.decode(String.self, forKey: key)) == nil ? values.decode(Value.self, forKey: key) : nil
        }
        pooling = try own(.pooling)
        neck = try own(.neck)
        train = try own(.train)
        folds = try own(.folds)
    }

    /// Writes the entry as ``init(from:)`` reads it.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(backbone, forKey: .backbone)
        try values.encode(weights, forKey: .weights)
        try values.encode(imageSize, forKey: .imageSize)
        try values.encode(fit, forKey: .fit)
        try values.encode(weight, forKey: .weight)
        try values.encode(stochasticDepth, forKey: .stochasticDepth)
        func encode(_ value: (some Encodable)?, else word: String, _ key: CodingKeys) throws {
            if let value { try values.encode(value, forKey: key) } else { try values.encode(word, forKey: key) }
        }
        try encode(pooling, else: Self.shared, .pooling)
        try encode(neck, else: Self.shared, .neck)
        try encode(train, else: Self.shared, .train)
        try encode(folds, else: Self.everyFold, .folds)
    }
}

/// A member's own section `train`.
public struct MemberTraining: Sendable, Codable, Equatable {
    public var kind: TrainSettings.Kind
}
