/// The interpolation between pixels when a photograph is resized for a network.
public enum Interpolation: String, Sendable, Codable, CaseIterable {
    case bilinear, bicubic, lanczos
}

/// What of a network's output becomes one vector without training.
public enum PooledFeatures: String, Sendable, Codable, CaseIterable {
    /// The class token of a vision transformer.
    case token
    /// The mean of the last map.
    case average
}
