import Basics
import Configuration

/// Makes heat maps of pairs of photographs with the model that embedded them.
public struct ExplainJob: Codable, Sendable, Equatable {
    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    public var model: EmbedJob.Model
    /// The `pairs.csv` with the photographs to compare.
    public var pairs: String
    /// The feature map that the heat maps are made from.
    public var map: ExplainSettings.Map
    /// Whether embeddings are averaged with those of the mirror image, as when the photographs were embedded.
    public var mirror: Bool
    public var device: DeviceChoice
    /// The `heat-maps.csv` to write: two rows for each pair.
    public var output: String

    /// Facts about the maps.
    public struct Facts: Codable, Sendable {
        /// Cells of a map; nil if there is no map.
        public let height: Int?
        public let width: Int?
        /// How photographs fill the network's square.
        public let fit: Fit
        /// The share of the fitted photograph's sides that the network sees; nil for all.
        public let cropShare: Double?

        private enum CodingKeys: String, CodingKey {
            case height, width, fit
            case cropShare = "crop_share"
        }

        /// Creates facts.
        public init(height: Int?, width: Int?, fit: Fit, cropShare: Double? = nil) {
            self.height = height
            self.width = width
            self.fit = fit
            self.cropShare = cropShare
        }
    }

    /// Creates a job.
    public init(
        data: DataSettings, model: EmbedJob.Model, pairs: String, map: ExplainSettings.Map, mirror: Bool,
        device: DeviceChoice,
        output: String
    ) {
        self.data = data
        self.model = model
        self.pairs = pairs
        self.map = map
        self.mirror = mirror
        self.device = device
        self.output = output
    }
}
