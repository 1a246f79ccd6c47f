import Basics
import Foundation
import Results

/// Two photographs for a person to compare.
public struct ReviewPair: Sendable {
    public let question: PairQuestion
    /// The place of the candidate among those of its query, from 1.
    public let rank: Int
    /// How sure the system is and why, in one sentence.
    public let evidence: String
    /// The cause of a query's failure, in words; nil for other pairs.
    public let cause: String?
    /// The number of photographs whose name depends on the decision.
    public let photographs: Int
    /// The matched marks of the two photographs; nil if marks are not matched.
    public let marks: [ReviewMark]?

    /// Describes a pair.
    public init(
        question: PairQuestion, rank: Int = 1, evidence: String, cause: String? = nil, photographs: Int = 1,
        marks: [ReviewMark]? = nil
    ) {
        self.question = question
        self.rank = rank
        self.evidence = evidence
        self.cause = cause
        self.photographs = photographs
        self.marks = marks
    }

    /// The information in a decision: the entropy of the probability in bits, weighed by the photographs that depend on it.
    ///
    /// It is largest for a probability of one half, and for names with many photographs. An unknown probability counts
    /// as one half.
    var worth: Double {
        let probability = question.probability ?? 0.5
        let entropy = [probability, 1 - probability].reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
        return entropy * log2(1 + Double(max(photographs, 1)))
    }

    /// Pairs that are decided together: the candidates of one query.
    var group: Group {
        switch question.source {
        case .season, .query: .query(question.source, question.queryImageID)
        case .merge, .split: .pair(question.subject)
        }
    }

    /// What pairs have in common.
    enum Group: Hashable {
        case query(PairQuestion.Source, String)
        case pair(PairQuestion.Subject)
    }
}

/// A place of the animal that matches in both photographs; places are shares of a picture's width and height.
public struct ReviewMark: Sendable, Codable {
    public let queryX, queryY, x, y: Double
    /// Whether one movement of the animal explains it together with the others.
    public let isExplained: Bool

    /// Describes a match.
    public init(queryX: Double, queryY: Double, x: Double, y: Double, isExplained: Bool) {
        (self.queryX, self.queryY, self.x, self.y) = (queryX, queryY, x, y)
        self.isExplained = isExplained
    }
}
