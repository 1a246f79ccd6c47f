import Basics
import Configuration

/// Measures the cost of a member's training with one step.
public struct EstimateJob: Codable, Sendable, Equatable {
    public var member: MemberSettings
    public var train: TrainSettings
    /// The number of animals that the head distinguishes.
    public var classes: Int
    public var device: DeviceChoice
    public var precision: Precision

    /// Creates a job.
    public init(
        member: MemberSettings, train: TrainSettings, classes: Int, device: DeviceChoice, precision: Precision
    ) {
        self.member = member
        self.train = train
        self.classes = classes
        self.device = device
        self.precision = precision
    }
}

/// What an estimate measured.
public struct EstimateFacts: Codable, Sendable, Equatable {
    /// Trainable parameters of backbone, neck and head.
    public var parameters: Int
    /// Memory that depends neither on the network's size nor on the batch, bytes; nil if it was not measured.
    public var fixedBytes: Double?
    /// Memory for each photograph of a batch, bytes; nil if it was not measured.
    public var bytesPerPhotograph: Double?
    /// Seconds per photograph of a training step.
    public var trainingSeconds: Double
    /// Seconds per photograph of embedding.
    public var embeddingSeconds: Double

    enum CodingKeys: String, CodingKey {
        case parameters
        case fixedBytes = "fixed_bytes"
        case bytesPerPhotograph = "bytes_per_photograph"
        case trainingSeconds = "training_seconds_per_photograph"
        case embeddingSeconds = "embedding_seconds_per_photograph"
    }

    /// Creates facts.
    public init(
        parameters: Int, fixedBytes: Double?, bytesPerPhotograph: Double?, trainingSeconds: Double,
        embeddingSeconds: Double
    ) {
        self.parameters = parameters
        self.fixedBytes = fixedBytes
        self.bytesPerPhotograph = bytesPerPhotograph
        self.trainingSeconds = trainingSeconds
        self.embeddingSeconds = embeddingSeconds
    }

    /// Memory of a training with `batch` photographs in a batch, bytes.
    public func trainingBytes(batch: Int) -> Double? {
        guard let fixedBytes, let bytesPerPhotograph else { return nil }
        return fixedBytes + Double(parameters) * Self.bytesPerParameter + Double(batch) * bytesPerPhotograph
    }

    /// A weight, its gradient and the optimiser's two moments, 32 bits each.
    private static let bytesPerParameter = 16.0
}
