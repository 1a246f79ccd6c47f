/// How an evaluation's numbers were computed, and on what: two evaluations are comparable only if this agrees.
public struct EvaluationContract: Sendable, Equatable, Codable {
    /// The ranking whose results are reported query by query.
    public struct Run: Sendable, Equatable, Codable {
        public var seed: Int?
        /// Nil if the models of all folds rank together.
        public var fold: Int?

        /// Creates a reference to a ranking.
        public init(seed: Int?, fold: Int?) {
            self.seed = seed
            self.fold = fold
        }
    }

    /// The metric with its depth, such as `mAP@20`.
    public var metric: String
    /// The depth of ``metric``.
    public var k: Int
    /// The number of photographs that the search returns for a query.
    public var returned: Int
    /// Answerable queries, over which means are taken.
    public var queries: Int
    /// All queries.
    public var asked: Int
    public var scenarios: Int
    public var ties: String
    public var selfMatch: String
    public var unanswerable: String
    public var sameEncounter: String
    /// Whether any query names its encounter.
    public var encountersKnown: Bool
    /// Whether any member is trained.
    public var trained: Bool
    public var unseenAnimals: String
    /// The definition of each measure, by its name.
    public var measures: [String: String]
    public var queriesDigest: String
    public var databaseDigest: String
    public var splitDigest: String
    public var run: Run
    /// The number of unreadable photographs that were left out; nil if there are none.
    public var brokenPhotographs: Int?

    private enum CodingKeys: String, CodingKey {
        case metric, k, returned, queries, asked, scenarios, ties, unanswerable, trained, measures, run
        case selfMatch = "self_match"
        case sameEncounter = "same_encounter"
        case encountersKnown = "encounters_known"
        case unseenAnimals = "unseen_animals"
        case queriesDigest = "queries_digest"
        case databaseDigest = "database_digest"
        case splitDigest = "split_digest"
        case brokenPhotographs = "broken_photographs"
    }

    /// Creates a contract; the terms that all evaluations share are filled in.
    public init(
        metric: String, k: Int, returned: Int, queries: Int, asked: Int, scenarios: Int, sameEncounter: String,
        encountersKnown: Bool, trained: Bool, queriesDigest: String, databaseDigest: String, splitDigest: String,
        run: Run, brokenPhotographs: Int?
    ) {
        self.metric = metric
        self.k = k
        self.returned = returned
        self.queries = queries
        self.asked = asked
        self.scenarios = scenarios
        ties = "equal scores share the precision at the end of their group, as scikit-learn does"
        selfMatch = "left out of its own ranking"
        unanswerable = "left out of every mean, as the official labels leave them out"
        self.sameEncounter = sameEncounter
        self.encountersKnown = encountersKnown
        self.trained = trained
        unseenAnimals = "queries of animals that training never saw count like all others"
        measures = [
            "map": "mean over queries of the average precision of the first \(k) photographs returned",
            "top": "top k: the share of queries with a correct photograph among the first k (CMC@k)",
            "r_precision": "R-precision: the share of correct photographs among the first R, if there are R of them",
            "minp":
                "mINP: the number of correct photographs divided by the rank of the last one in the whole database",
            "baks":
                "BAKS: the share of queries whose first photograph is correct, averaged per animal, then over animals",
            "map_by_animal": "the mean of the animals' own mAP, so that each animal counts equally",
            "viewpoints": "each query ranks only the database photographs of one view; ties by database order",
            "interval": "95%, percentiles of resampled animals",
        ]
        self.queriesDigest = queriesDigest
        self.databaseDigest = databaseDigest
        self.splitDigest = splitDigest
        self.run = run
        self.brokenPhotographs = brokenPhotographs
    }

    /// The differences that make two evaluations incomparable, in words.
    public func differences(from other: EvaluationContract) -> [String] {
        func term<Value: Equatable>(_ path: KeyPath<EvaluationContract, Value>, _ words: String) -> String? {
            self[keyPath: path] == other[keyPath: path] ? nil : words
        }
        return [
            term(\.metric, "the metric differs"), term(\.splitDigest, "the split differs"),
            term(\.queriesDigest, "the queries differ"), term(\.databaseDigest, "the databases differ"),
            term(\.returned, "the number of photographs returned differs"),
        ].compactMap(\.self)
    }
}
