import Basics

/// A rule that re-ranks the database by what the best matches are similar to.
///
/// Its text is `power:7` or `k-reciprocal:20:6:0.3`. Only the database counts: no query uses another.
public enum ReRanking: Sendable, Equatable, CustomStringConvertible {
    /// Combines the query with its two best matches, each by a power of its similarities.
    case power(PowerReRanking)
    /// Compares neighbourhoods: rows that share neighbours are similar.
    case kReciprocal(KReciprocal)

    static let forms = "power:EXPONENT or k-reciprocal:K1:K2:LAMBDA"

    /// Parses the rule's text.
    ///
    /// - Throws: ``RetrievalError/badReRanking(text:problem:)``; for an unknown kind with the nearest known one.
    public init(parsing text: String) throws {
        func bad(_ problem: String) -> RetrievalError { .badReRanking(text: text, problem: problem) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        func require(_ count: Int) throws {
            guard parts.count == count else { throw bad("has \(parts.count) parts, not \(count)") }
        }
        func whole(_ part: Int, _ name: String) throws -> Int {
            guard let number = Int(parts[part]) else {
                throw bad("has the \(name) \(quoted: parts[part]), which is not a whole number")
            }
            return number
        }
        func number(_ part: Int, _ name: String) throws -> Double {
            guard let number = Double(parts[part]) else {
                throw bad("has the \(name) \(quoted: parts[part]), which is not a number")
            }
            return number
        }
        do {
            switch parts[0] {
            case PowerReRanking.name:
                try require(2)
                self = .power(try PowerReRanking(exponent: number(1, "exponent")))
            case KReciprocal.name:
                try require(4)
                self = .kReciprocal(
                    try KReciprocal(k1: whole(1, "k1"), k2: whole(2, "k2"), lambda: number(3, "lambda")))
            default:
                let near = Spelling.nearest(to: parts[0], among: [PowerReRanking.name, KReciprocal.name])
                throw bad("has an unknown kind" + (near.map { " (did you mean \(quoted: $0)?)" } ?? ""))
            }
        } catch RetrievalError.badReRanking(_, let problem) {
            throw bad(problem)
        }
    }

    public var description: String {
        switch self {
        case .power(let rule): rule.description
        case .kReciprocal(let rule): rule.description
        }
    }
}

/// The operations on queries, database and ranking, in this order.
public struct SearchPlan: Sendable, Equatable {
    /// Steps that move vectors, each applied to the result of the one before.
    public let steps: [ExpansionStep]
    /// The final ranking rule; nil for the similarity itself.
    public let reRanking: ReRanking?

    /// Joins steps and a re-ranking, which comes last.
    public init(steps: [ExpansionStep] = [], reRanking: ReRanking? = nil) {
        self.steps = steps
        self.reRanking = reRanking
    }

    /// Each part's text, in order.
    public var descriptions: [String] { steps.map(\.description) + [reRanking].compactMap { $0?.description } }
}

extension RetrievalSet {
    /// The database rows that the plan ranks first for each query: `count`, at least 1, or all rows if the database is
    /// smaller.
    ///
    /// - Returns: For each query its rows, the best first; scores rise with similarity but are cosines only without a
    ///   re-ranking. Equal ones are in database order.
    /// - Complexity: That of the plan's parts.
    public func neighbours(count: Int, by plan: SearchPlan) throws -> [[Neighbour]] {
        let set = try applying(plan.steps)
        return switch plan.reRanking {
        case nil: try set.neighbours(count: count)
        case .power(let rule): try rule.neighbours(in: set, count: count)
        case .kReciprocal(let rule): try rule.neighbours(in: set, count: count)
        }
    }
}
