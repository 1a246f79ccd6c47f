/// How the learning rate changes over the epochs.
public struct ScheduleSettings: Sendable, Codable, Equatable {
    /// The curve.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// A linear warm-up, then half a cosine.
        case cosine
        /// That of the competition's 3rd place: a warm-up to ten times the rate, then half a cosine, by whole epochs.
        case writeUp = "write-up"
    }
    public var kind: Kind
    public var epochs: Int
    public var warmupEpochs: Int
    /// Epochs at the start in which the backbone stays as it is.
    public var freezeEpochs: Int

    enum CodingKeys: String, CodingKey {
        case kind, epochs
        case warmupEpochs = "warmup-epochs"
        case freezeEpochs = "freeze-epochs"
    }
}

/// Which photographs make an epoch.
public struct SamplerSettings: Sendable, Codable, Equatable {
    /// The rule.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Every photograph once.
        case shuffle
        /// Batches of as many photographs of each of their animals.
        case balanced
    }
    public var kind: Kind
    /// Photographs of each animal of a batch, for ``Kind/balanced``.
    public var images: Int
}

/// Which epoch's weights are kept, and when training ends.
public struct SelectionSettings: Sendable, Codable, Equatable {
    /// What validation measures; always mAP@20 over embeddings, without margins or labels.
    public enum Measure: String, Sendable, Codable, CaseIterable {
        /// Every validation photograph against all others of training and validation but its encounter's.
        case photographs
        /// Scenarios like the competition's, in which what validates plays the part of the test.
        case scenarios
    }
    public var measure: Measure
    /// Epochs from one validation to the next; nil for ten validations in all.
    public var every: Int?
    /// Epochs without a better validation after which training ends; 0 to train them all.
    public var patience: Int

    /// The word for ten validations in all.
    static let automatic = "auto"

    enum CodingKeys: String, CodingKey { case measure, every, patience }

    /// Reads the section with every option at its value.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        measure = try values.decode(Measure.self, forKey: .measure)
        every = try? values.decode(Int.self, forKey: .every)
        patience = try values.decode(Int.self, forKey: .patience)
    }

    /// Writes the section as ``init(from:)`` reads it.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(measure, forKey: .measure)
        if let every {
            try values.encode(every, forKey: .every)
        } else {
            try values.encode(Self.automatic, forKey: .every)
        }
        try values.encode(patience, forKey: .patience)
    }
}
