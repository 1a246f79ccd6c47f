import Basics
import Foundation

/// Two runs side by side, as documents show them.
public struct ReportComparison: Sendable, Equatable {
    /// What `whalebook compare --json` tells.
    public let json: JSONValue
    /// The folders with `queries.csv` and `evaluation.json`.
    public let oldEvaluation: URL
    public let newEvaluation: URL
    /// The folders with the final `neighbors.csv`.
    public let oldRanking: URL
    public let newRanking: URL

    /// Collects the parts.
    public init(json: JSONValue, oldEvaluation: URL, newEvaluation: URL, oldRanking: URL, newRanking: URL) {
        self.json = json
        self.oldEvaluation = oldEvaluation
        self.newEvaluation = newEvaluation
        self.oldRanking = oldRanking
        self.newRanking = newRanking
    }
}
