/// The section `explain`.
public struct ExplainSettings: Sendable, Codable, Equatable {
    /// The map of features that heat maps are made of.
    public enum Map: String, Sendable, Codable, CaseIterable {
        /// The stage before the last: a place for each 16 pixels, and behind it lies whatever the pooling takes.
        case earlier
        /// The last stage: a place for each 32 pixels.
        case last
    }

    /// The queries that are explained, the worst first; 0 for none.
    public var queries: Int
    public var map: Map
}
