import Catalog
import Digests
import Evaluation
import Results

extension EvaluationContract {
    /// Says what an evaluation was counted on.
    ///
    /// - Parameters:
    ///   - results: Of the final ranking, query by query.
    ///   - returned: Answers that the search returns for a query.
    ///   - splitDigest: SHA-256 of `split.csv`.
    ///   - broken: Photographs that could not be read and were left out.
    ///   - run: The node whose ranking is told query by query.
    ///   - trains: Whether any member is trained.
    init(
        scenarios: [Scenario], catalog: Catalog, results: [QueryResult], returned: Int, splitDigest: String,
        broken: Int,
        run: Node, trains: Bool
    ) {
        let knowsEncounters = scenarios.contains { scenario in
            scenario.queries.contains { catalog[$0.imageID]?.encounterID != nil }
        }
        self.init(
            metric: "mAP@\(AveragePrecision.limit)", k: AveragePrecision.limit, returned: returned,
            queries: results.count(where: \.isAnswerable), asked: results.count, scenarios: scenarios.count,
            sameEncounter: knowsEncounters
                ? Self.sameEncounter(scenarios, catalog) : "not known, since no query names its encounter",
            encountersKnown: knowsEncounters, trained: trains,
            queriesDigest: Self.digest(scenarios) { $0.queries.map { "\($0.id),\($0.imageID)" } },
            databaseDigest: Self.digest(scenarios, \.database), splitDigest: "sha256:\(splitDigest)",
            run: Run(seed: run.seed, fold: run.fold), brokenPhotographs: broken > 0 ? broken : nil)
    }

    /// Whether answers are photographs of the query's own encounter: a ranking has one database for all its queries, so
    /// scenarios that want none keep the encounters of queries out of the database.
    private static func sameEncounter(_ scenarios: [Scenario], _ catalog: Catalog) -> String {
        let shares = scenarios.map { $0.answersOfOwnEncounter(in: catalog) }
        let (count, total) = shares.reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.total) }
        return count == 0
            ? "none is a right answer"
            : "\(count) of \(total) right answers are photographs of their query's encounter"
    }

    private static func digest(_ scenarios: [Scenario], _ lines: (Scenario) -> [String]) -> String {
        let text = scenarios.map { ([$0.id] + lines($0)).joined(separator: "\n") }.joined(separator: "\n\n")
        return "sha256:" + Digest.of(text)
    }
}
