import Basics

/// Why queries missed, counted: `causes` in `evaluation.json`.
public struct CauseSummary: Sendable, Equatable, Codable {
    /// How often a cause holds.
    public struct Tally: Sendable, Equatable, Codable {
        public let cause: FailureCause
        /// ``cause`` for people.
        public let title: String
        /// Misses that go by it.
        public let first: Int
        /// Misses that it holds for.
        public let misses: Int
        /// ``first`` as a share of all misses; nil where none missed.
        @OrNull public private(set) var share: Double?
        /// Queries whose first photograph is right although it holds; nil where it lies in the wrong answer.
        @OrNull public private(set) var hits: Int?

        init(cause: FailureCause, first: Int, misses: Int, ofMisses all: Int, hits: Int?) {
            self.cause = cause
            title = cause.title
            self.first = first
            self.misses = misses
            share = all > 0 ? Double(first) / Double(all) : nil
            self.hits = hits
        }
    }

    /// How misses and causes are counted.
    public let contract: String
    public let misses: Int
    public let hits: Int
    public let lookAlikes: [LookAlike]
    public let hubs: [HubPhotograph]
    public let causes: [Tally]

    private enum CodingKeys: String, CodingKey {
        case contract, misses, hits, hubs, causes
        case lookAlikes = "look_alikes"
    }
}
