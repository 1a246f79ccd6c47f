import Configuration

/// Embeds photographs with the animal painted over and with its background painted over, and the mirror images of some.
public struct BackgroundJob: Codable, Sendable, Equatable {
    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    public var model: EmbedJob.Model
    /// Whether embeddings are averaged with those of the mirror image, as when the photographs were embedded.
    public var mirror: Bool
    /// The image_ids of the photographs to paint, if something distinguishes the animal from its background.
    public var painted: [String]
    /// The image_ids of the photographs to mirror.
    public var mirrored: [String]
    public var device: DeviceChoice
    public var precision: Precision
    /// The folder that receives ``Files``.
    public var output: String

    /// The files that the job writes.
    public enum Files {
        /// The photographs that were painted, in the order of the rows of ``animal`` and ``background``: image_id, and
        /// `outline` or `box`.
        public static let regions = "regions.csv"
        /// Embeddings with the background painted over.
        public static let animal = "animal.npy"
        /// Embeddings with the animal painted over.
        public static let background = "background.npy"
        /// Embeddings of the mirror images, in the order of the job.
        public static let mirrored = "mirrored.npy"
    }

    /// Creates a job.
    public init(
        data: DataSettings, model: EmbedJob.Model, mirror: Bool, painted: [String], mirrored: [String],
        device: DeviceChoice, precision: Precision, output: String
    ) {
        self.data = data
        self.model = model
        self.mirror = mirror
        self.painted = painted
        self.mirrored = mirrored
        self.device = device
        self.precision = precision
        self.output = output
    }
}
