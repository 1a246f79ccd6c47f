import Basics
import Configuration

/// Makes heat maps of pairs of photographs by the model that embedded them.
public struct ExplainJob: Codable, Sendable, Equatable {
    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    public var model: EmbedJob.Model
    /// The `pairs.csv` that says which photographs are compared.
    public var pairs: String
    /// The map of features that the heat maps are made of.
    public var map: ExplainSettings.Map
    /// Whether the mirror image's embedding is averaged in, as where the photographs were embedded.
    public var mirror: Bool
    public var device: DeviceChoice
    /// The `heat-maps.csv` to write: two rows for each pair.
    public var output: String

    /// What the worker tells of the maps.
    public struct Facts: Codable, Sendable {
        /// Places of a map; nil where there is none.
        public let height: Int?
        public let width: Int?
        /// How photographs fill the network's square.
        public let fit: Fit

        /// Collects the parts.
        public init(height: Int?, width: Int?, fit: Fit) {
            self.height = height
            self.width = width
            self.fit = fit
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
