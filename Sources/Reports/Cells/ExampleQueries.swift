import Basics
import Evaluation
import Options
import Results

struct ExampleQueries: CellKind {
    static let name = "example-queries"
    static let summary = """
        A success and a failure of one scenario, the one with the lowest mAP that has both, each in a row with the \
        photographs that it returned.
        """
    static let stages: [StageName] = [.expand, .evaluate]

    private let row = RetrievalRows.Parameters()

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let thumbnails = Thumbnails(try context.artefacts.catalog())
        var content = CellContent(contract: evaluation.readingText, thumbnails: thumbnails)
        let rows = try RetrievalRows(context, row, thumbnails, links: context.links, noting: &content)
        let (queries, finding) = Self.chosen(evaluation)
        let examples: [(title: String, query: QueryRow?)] = [
            ("Success", Self.success(queries)), ("Failure", Self.failure(queries, rows.rightRanks)),
        ]
        content.values = [
            "finding": .string(finding), "shown": .number(Double(examples.count { $0.query != nil })),
            "ranks": .number(Double(rows.ranks)),
        ]
        for (title, query) in examples {
            guard let query else { continue }
            let ranked = RankedQuery(
                query: query, answers: rows.answers[query.id] ?? [], right: rows.rightRanks[query.id] ?? [],
                causes: rows.causes[query.id])
            content.parts.append(.figure(rows.part([ranked], title: title)))
        }
        if content.parts.isEmpty { content.notes.append("No query is answerable.") }
        return content
    }

    /// The queries to choose from, and a sentence about them.
    private static func chosen(_ evaluation: EvaluationView) -> (queries: [QueryRow], finding: String) {
        let answerable = evaluation.queries.filter { $0.relevant > 0 }
        let byScenario = Dictionary(grouping: answerable, by: \.scenario)
        let both = evaluation.scenarios.compactMap { name -> (name: String, map: Double)? in
            guard let map = evaluation.summary(of: name)?.map, let own = byScenario[name],
                own.contains(where: \.isFirst), own.contains(where: { !$0.isFirst })
            else { return nil }
            return (name, map)
        }
        guard let hardest = both.min(by: { $0.map < $1.map }) else { return (answerable, "No scenario has both.") }
        let rank = both.count > 1 ? ", the hardest scenario with a success" : ""
        let score = "\(evaluation.metric) \(NumberText.fixed(hardest.map, 3))"
        return (byScenario[hardest.name] ?? [], "Both are of \(hardest.name) (\(score))\(rank).")
    }

    /// Of the queries with the highest average precision, one with most correct photographs to find; nil if none returns a
    /// correct photograph first.
    private static func success(_ queries: [QueryRow]) -> QueryRow? {
        queries.filter(\.isFirst).min {
            (-$0.averagePrecision, -$0.relevant, $0.id) < (-$1.averagePrecision, -$1.relevant, $1.id)
        }
    }

    /// The worst query; nil if all return a correct photograph first.
    private static func failure(_ queries: [QueryRow], _ ranks: [String: [RightRanks.Row]]) -> QueryRow? {
        queries.filter { !$0.isFirst }.worstFirst(ranks).first
    }
}
