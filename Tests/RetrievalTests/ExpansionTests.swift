import Basics
import Foundation
import Testing

@testable import Retrieval

@Suite struct ExpansionTests {
    @Test(arguments: [("average-qe:3", "aqe"), ("alpha-qe:5:3", "alpha_qe")])
    func `Expanded queries and their rankings equal numpy's`(step: String, name: String) throws {
        let golden = try Golden()
        let set = try RetrievalSet(queries: golden.matrix("queries"), database: golden.matrix("db"))
        let expanded = try set.applying([ExpansionStep(parsing: step)])
        #expect(expanded.database == set.database)
        // Both sides round to single precision once.
        #expect(try expanded.queries.largestDifference(from: golden.matrix("\(name).expanded")) < 2e-7)
        try expectRanking(of: expanded, golden, name)
    }

    @Test func `The augmented database and its rankings equal numpy's`() throws {
        let golden = try Golden()
        let set = try RetrievalSet(queries: golden.matrix("queries"), database: golden.matrix("db"))
        let augmented = try set.applying([ExpansionStep(parsing: "database-augmentation:4:3")])
        #expect(augmented.queries == set.queries)
        #expect(try augmented.database.largestDifference(from: golden.matrix("dba.augmented")) < 2e-7)
        try expectRanking(of: augmented, golden, "dba")
    }

    private func expectRanking(of set: RetrievalSet, _ golden: Golden, _ name: String) throws {
        let found = try set.neighbours(count: 10)
        let rankings = golden.rankings("\(name).indices")
        #expect(rankings.count == 30)
        #expect(found.map { $0.map(\.row) } == rankings)
        for (neighbours, scores) in zip(found, golden.scores("\(name).scores")) {
            #expect(zip(neighbours, scores).allSatisfy { abs(Double($0.score) - $1) < 5e-7 })
        }
    }

    @Test func `A query's own photograph does not expand it`() throws {
        let database = try EmbeddingMatrix.random(rows: 20, columns: 8, seed: 1)
        let own = try RetrievalSet(
            queries: database.selecting(rows: [4]), database: database, ownRows: [4]
        ).expandingQueries(neighbours: 3, alpha: 1)
        let others = (0..<20).filter { $0 != 4 }
        let without = try RetrievalSet(
            queries: database.selecting(rows: [4]), database: database.selecting(rows: others)
        ).expandingQueries(neighbours: 3, alpha: 1)
        #expect(own.queries == without.queries)
        #expect(own.queries != database)
    }

    @Test func `Other queries do not change an expanded query`() throws {
        let golden = try Golden()
        let all = try RetrievalSet(queries: golden.matrix("queries"), database: golden.matrix("db"))
        let alone = try RetrievalSet(queries: all.queries.selecting(rows: [17]), database: all.database)
        let steps = try ["database-augmentation:2:1", "alpha-qe:3:3"].map(ExpansionStep.init(parsing:))
        let expanded = try all.applying(steps).queries.selecting(rows: [17])
        #expect(try alone.applying(steps).queries == expanded)
    }

    @Test func `Steps are applied in their order`() throws {
        let golden = try Golden()
        let set = try RetrievalSet(queries: golden.matrix("queries"), database: golden.matrix("db"))
        let query = try ExpansionStep(parsing: "alpha-qe:3:3")
        let database = try ExpansionStep(parsing: "database-augmentation:2:1")
        let byHand = try set.augmentingDatabase(neighbours: 2, alpha: 1).expandingQueries(neighbours: 3, alpha: 3)
        #expect(try set.applying([database, query]) == byHand)
        #expect(try set.applying([query, database]) != byHand)
        #expect(try set.applying([]) == set)
    }

    @Test func `Neighbours that point away add nothing, but count in the average`() throws {
        let set = try RetrievalSet(
            queries: EmbeddingMatrix(rows: 1, columns: 2, values: [1, 0]),
            database: EmbeddingMatrix(rows: 1, columns: 2, values: [-0.6, 0.8]))
        #expect(try set.expandingQueries(neighbours: 5, alpha: 3).queries == set.queries)
        let average = try set.expandingQueries(neighbours: 5, alpha: 0).queries
        #expect(average.largestDifference(from: try .init(rows: 1, columns: 2, values: [0.4472136, 0.8944272])) < 1e-6)
    }

    @Test(arguments: ["alpha-qe:3:3", "alpha-qe:10:0.5", "average-qe:4", "database-augmentation:2:1"])
    func `A step's description is the text it was parsed from`(text: String) throws {
        #expect(try ExpansionStep(parsing: text).description == text)
    }

    @Test(arguments: [
        ("alpha-eq:3:3", "did you mean 'alpha-qe'?"), ("alpha-qe:3", "has 2 parts, not 3"),
        ("average-qe:3:1", "has 3 parts, not 2"), ("alpha-qe:0:3", "from 1 to 1000000, not 0"),
        ("alpha-qe:x:3", "'x' neighbours"), ("alpha-qe:3:-1", "not -1.0"),
        ("alpha-qe:3:nan", "exponent"), ("alpha-qe:3:", "exponent ''"), ("", "unknown kind"),
    ])
    func `An invalid step is refused with the reason`(text: String, reason: String) throws {
        let error = #expect(throws: RetrievalError.self) { try ExpansionStep(parsing: text) }
        #expect(error?.description.contains(reason) == true)
        #expect(error?.description.contains("'\(text)'") == true)
    }

    @Test func `Average expansion has no exponent`() throws {
        let step = try ExpansionStep(kind: .averageQE, neighbours: 3, alpha: 3)
        #expect(try step == ExpansionStep(parsing: "average-qe:3"))
    }
}
