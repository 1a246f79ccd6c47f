/// How much a photograph of a class counts in the loss.
public enum ClassWeighting: Sendable {
    /// All alike.
    case none
    /// N / (C · n) for a class of n photographs among N of C classes, so that every class counts alike.
    ///
    /// Source: King and Zeng, Political Analysis 2001; scikit-learn's `class_weight="balanced"`.
    case balanced

    /// The weight of every class from its number of training photographs, or nil where all are alike.
    public func weights(counts: [Int]) -> [Double]? {
        switch self {
        case .none: return nil
        case .balanced:
            let total = Double(counts.reduce(0, +))
            return counts.map { total / (Double(counts.count) * Double(max($0, 1))) }
        }
    }
}
