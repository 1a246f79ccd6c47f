/// The classifier that training puts on the embedding.
public struct HeadSettings: Sendable, Codable, Equatable {
    /// Which classifier.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case arcface
        /// ArcFace with several centres a class.
        case subCentre = "sub-centre"
        /// No margin: one linear layer.
        case linear
    }

    /// Where the margin of a photograph comes from.
    public enum MarginRule: String, Sendable, Codable, CaseIterable {
        /// `margin`, for all.
        case fixed
        /// Drawn for each photograph around `margin`.
        case elastic
        /// factor · n^-exponent + offset, n the photographs of the animal.
        case power
        /// n^-exponent mapped to `margin-low`…`margin-high`.
        case range
    }

    public var kind: Kind
    public var scale: Double
    /// Centres of a class.
    public var centres: Int
    public var marginRule: MarginRule
    /// Radians, like all margins.
    public var margin: Double
    public var marginDeviation: Double
    public var marginFactor: Double
    public var marginExponent: Double
    public var marginOffset: Double
    public var marginLow: Double
    public var marginHigh: Double

    enum CodingKeys: String, CodingKey {
        case kind, scale, centres, margin
        case marginRule = "margin-rule"
        case marginDeviation = "margin-deviation"
        case marginFactor = "margin-factor"
        case marginExponent = "margin-exponent"
        case marginOffset = "margin-offset"
        case marginLow = "margin-low"
        case marginHigh = "margin-high"
    }
}
