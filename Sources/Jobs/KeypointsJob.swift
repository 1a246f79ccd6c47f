import Configuration

/// Finds and describes the marks of every photograph of a folder.
public struct KeypointsJob: Codable, Sendable, Equatable {
    /// The photographs; the folder's path is absolute.
    public var data: DataSettings
    public var settings: MatchSettings
    /// Whether unreadable photographs are left out; otherwise the first one stops the job.
    public var skipsBroken: Bool
    /// The file of features to write, with the photographs in the order of the metadata.
    public var output: String

    /// Facts about the features.
    public struct Facts: Codable, Sendable {
        public let photographs: Int
        /// All marks of all photographs.
        public let keypoints: Int

        /// Creates facts.
        public init(photographs: Int, keypoints: Int) {
            self.photographs = photographs
            self.keypoints = keypoints
        }
    }

    /// Creates a job.
    public init(data: DataSettings, settings: MatchSettings, skipsBroken: Bool, output: String) {
        self.data = data
        self.settings = settings
        self.skipsBroken = skipsBroken
        self.output = output
    }
}
