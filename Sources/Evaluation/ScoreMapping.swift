/// How similarities become the scores of a submission, which must lie within 0…1; the order stays.
public enum ScoreMapping: String, Sendable, CaseIterable {
    /// `clamp((v + 1) · 0.49, 0, 0.9999)`, as in the 3rd-place write-up.
    case writeUp = "write-up"
    /// `clamp((v + 1) / 2, 0, 1)`: the whole range.
    case unit

    /// The score of a similarity, a cosine or what a re-ranking made of it.
    public func callAsFunction(_ similarity: Float) -> Double {
        switch self {
        case .writeUp: min(max((Double(similarity) + 1) * 0.49, 0), 0.9999)
        case .unit: min(max((Double(similarity) + 1) / 2, 0), 1)
        }
    }
}
