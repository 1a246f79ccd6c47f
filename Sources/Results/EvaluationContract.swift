/// What the numbers of an evaluation were counted on and how: two evaluations compare only where this agrees.
public struct EvaluationContract: Sendable, Equatable, Codable {
    /// The ranking that is told query by query.
    public struct Run: Sendable, Equatable, Codable {
        public var seed: Int?
        /// Nil where the models of all folds rank together.
        public var fold: Int?

        /// Names a ranking.
        public init(seed: Int?, fold: Int?) {
            self.seed = seed
            self.fold = fold
        }
    }

    /// With its depth, such as `mAP@20`.
    public var metric: String
    /// The depth of ``metric``.
    public var k: Int
    /// Answers that the search returns for a query.
    public var returned: Int
    /// Queries with an answer, which the mean is over.
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
    /// What each measure counts, by its name.
    public var measures: [String: String]
    public var queriesDigest: String
    public var databaseDigest: String
    public var splitDigest: String
    public var run: Run
    /// Photographs that could not be read and were left out; nil where there are none.
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

    /// Collects the terms; what is the same for every evaluation is filled in.
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
        unseenAnimals = "animals that training never saw are asked for like any other"
        measures = [
            "map": "mean over queries of the average precision of the first \(k) answers",
            "top": "top k: the share of queries with a right photograph among the first k (CMC@k)",
            "r_precision": "R-precision: the share of right photographs among the first R, R the number there are",
            "minp":
                "mINP: the number of right photographs divided by the rank of the last of them in the whole database",
            "baks":
                "BAKS: the share of queries whose first photograph is right, averaged over each animal's, then over animals",
            "map_by_animal": "the mean of the animals' own mAP, so that each counts alike",
            "viewpoints": "each query asked of the database photographs of one view alone; ties by database order",
            "interval": "95%, percentiles of resampled animals",
        ]
        self.queriesDigest = queriesDigest
        self.databaseDigest = databaseDigest
        self.splitDigest = splitDigest
        self.run = run
        self.brokenPhotographs = brokenPhotographs
    }

    /// What two evaluations must share to be compared, each with the words for where it differs.
    public func differences(from other: EvaluationContract) -> [String] {
        func term<Value: Equatable>(_ path: KeyPath<EvaluationContract, Value>, _ words: String) -> String? {
            self[keyPath: path] == other[keyPath: path] ? nil : words
        }
        return [
            term(\.metric, "the metric differs"), term(\.splitDigest, "the split differs"),
            term(\.queriesDigest, "the queries differ"), term(\.databaseDigest, "the databases differ"),
            term(\.returned, "another number of answers is returned"),
        ].compactMap(\.self)
    }
}
