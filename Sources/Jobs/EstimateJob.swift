import Basics
import Configuration

/// Measures the cost of a member's training and embedding with a few batches.
public struct EstimateJob: Codable, Sendable, Equatable {
    public var member: MemberSettings
    public var train: TrainSettings
    /// The photographs, some of which are decoded; the folder's path is absolute.
    public var data: DataSettings
    /// The number of animals that the head distinguishes.
    public var classes: Int
    public var device: DeviceChoice
    public var precision: Precision

    /// Creates a job.
    public init(
        member: MemberSettings, train: TrainSettings, data: DataSettings, classes: Int, device: DeviceChoice,
        precision: Precision
    ) {
        self.member = member
        self.train = train
        self.data = data
        self.classes = classes
        self.device = device
        self.precision = precision
    }
}

/// What an estimate measured. Times are in seconds per photograph, from the fastest to the slowest batch.
public struct EstimateFacts: Codable, Sendable, Equatable {
    /// Trainable parameters of backbone, neck and head.
    public var parameters: Int
    /// Memory that depends neither on the network's size nor on the batch, bytes; nil if it was not measured, as on a
    /// graphics card.
    public var fixedBytes: Double?
    /// Memory for each photograph of a training batch, bytes; nil likewise.
    public var bytesPerPhotograph: Double?
    /// Memory for each photograph that is embedded at once, bytes; nil likewise.
    public var embeddingBytesPerPhotograph: Double?
    /// A training step, without photographs.
    public var training: Range
    /// Embedding, without photographs.
    public var embedding: Range
    /// Reading a photograph and changing it for training, on one core.
    public var preparation: Double?
    /// Changing a photograph for training that is still in memory, on one core.
    public var repetition: Double?

    /// The fastest and the slowest.
    public struct Range: Codable, Sendable, Equatable {
        public var fastest: Double
        public var slowest: Double

        /// Creates a range.
        public init(fastest: Double, slowest: Double) {
            self.fastest = fastest
            self.slowest = slowest
        }

        /// The range of one number.
        public init(_ value: Double) { self.init(fastest: value, slowest: value) }
    }

    enum CodingKeys: String, CodingKey {
        case parameters, training, embedding, preparation, repetition
        case fixedBytes = "fixed_bytes"
        case bytesPerPhotograph = "bytes_per_photograph"
        case embeddingBytesPerPhotograph = "embedding_bytes_per_photograph"
    }

    /// Creates facts.
    public init(
        parameters: Int, fixedBytes: Double?, bytesPerPhotograph: Double?, embeddingBytesPerPhotograph: Double?,
        training: Range, embedding: Range, preparation: Double?, repetition: Double?
    ) {
        self.parameters = parameters
        self.fixedBytes = fixedBytes
        self.bytesPerPhotograph = bytesPerPhotograph
        self.embeddingBytesPerPhotograph = embeddingBytesPerPhotograph
        self.training = training
        self.embedding = embedding
        self.preparation = preparation
        self.repetition = repetition
    }

    /// Memory of a training with `batch` photographs in a batch, bytes.
    public func trainingBytes(batch: Int) -> Double? {
        guard let fixedBytes, let bytesPerPhotograph else { return nil }
        return fixedBytes + Double(parameters) * Self.bytesPerTrainedParameter + Double(batch) * bytesPerPhotograph
    }

    /// Memory of embedding, bytes.
    public var embeddingBytes: Double? {
        guard let fixedBytes, let embeddingBytesPerPhotograph else { return nil }
        return fixedBytes + Double(parameters) * Self.bytesPerServedParameter
            + Double(EmbedJob.batchSize) * embeddingBytesPerPhotograph
    }

    /// A weight, its gradient and the optimiser's two moments, 32 bits each.
    private static let bytesPerTrainedParameter = 16.0
    /// A weight, and its copy with the norm folded in, 32 bits each.
    private static let bytesPerServedParameter = 8.0
}
