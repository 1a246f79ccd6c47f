import Basics

/// Where tensors live.
public enum DeviceChoice: String, Sendable, Codable { case auto, cpu, cuda }

/// What a backbone's convolutions, linear layers and attention are computed in; weights, the statistics of norms,
/// pooling, neck, head and loss are float32 in any case.
public enum Precision: String, Sendable, Codable, CaseIterable {
    case float32
    /// The range of float32 with 8 bits.
    case bfloat16
    /// 11 bits within ±65504, for graphics cards: on a CPU it is slow, or missing.
    case float16
}

/// From pooled features to the embedding.
public struct NeckSettings: Sendable, Codable, Equatable {
    public var embedding: Int
    public var dropout: Double
}

/// What is done to a training photograph.
public struct AugmentSettings: Sendable, Codable, Equatable {
    /// A mirrored flank is not that whale's flank: `new` makes the mirror image another individual.
    public enum Flip: String, Sendable, Codable { case off, same, new }
    public var flip: Flip
    /// The smallest share of the area that a random crop keeps; 1 keeps all.
    public var crop: Double
    public var brightness: Double
    public var contrast: Double
    /// Steps of 2 degrees to either side.
    public var hue: Double
    /// On a scale to 255.
    public var saturation: Double
    /// The lowest quality of a JPEG file that the photograph goes through; at 100 it goes through none.
    public var jpegQuality: Int
    public var shift: Double
    public var scale: Double
    /// Degrees to either side.
    public var rotate: Double
    /// Side of the cut-out square as a share of the image's; 0 cuts none.
    public var cutout: Double

    enum CodingKeys: String, CodingKey {
        case flip, crop, brightness, contrast, hue, saturation, shift, scale, rotate, cutout
        case jpegQuality = "jpeg-quality"
    }
}

/// The section `train`.
public struct TrainSettings: Sendable, Codable, Equatable {
    /// How a member's embeddings come about.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// A backbone and a neck are trained to tell the animals apart.
        case metricLearning = "metric-learning"
        /// Nothing is trained: the embedding is the backbone's average-pooled last map, scaled to unit length.
        case none
    }

    /// What members do that say nothing of their own.
    public var kind: Kind
    public var members: [MemberSettings]
    public var pooling: PoolingSettings
    public var neck: NeckSettings
    public var head: HeadSettings
    public var loss: LossSettings
    public var optimizer: OptimizerSettings
    public var schedule: ScheduleSettings
    public var batchSize: Int
    /// Batches whose gradients are added up for one step.
    public var accumulation: Int
    /// How slowly the weights' running mean forgets; 0 for no mean.
    public var averageDecay: Double
    public var sampler: SamplerSettings
    public var selection: SelectionSettings
    public var augment: AugmentSettings

    /// The settings as a member trains by them: with its own parts in place of those that all share.
    public func applied(to member: MemberSettings) -> TrainSettings {
        var settings = self
        settings.pooling = member.pooling ?? pooling
        settings.neck = member.neck ?? neck
        return settings
    }

    /// Whether a member is trained.
    public func trains(_ member: MemberSettings) -> Bool { (member.train?.kind ?? kind) != .none }

    enum CodingKeys: String, CodingKey {
        case kind, members, pooling, neck, head, loss, optimizer, schedule, accumulation, sampler, selection, augment
        case batchSize = "batch-size"
        case averageDecay = "average-decay"
    }
}

/// The section `embed`.
public struct EmbedSettings: Sendable, Codable, Equatable {
    /// Whether the mirror image's embedding is averaged in.
    public var mirror: Bool
}

/// The section `search`.
public struct SearchSettings: Sendable, Codable, Equatable {
    /// What is one ensemble.
    public enum Join: String, Sendable, Codable, CaseIterable {
        /// The members of each fold; folds tell how much that varies.
        case members
        /// The members of all folds together.
        case folds
    }

    /// Photographs returned for a query.
    public var k: Int
    public var join: Join
}

/// The section `evaluate`.
public struct EvaluateSettings: Sendable, Codable, Equatable {
    /// Resamples of the interval; 0 gives none.
    public var bootstrap: Int
}
