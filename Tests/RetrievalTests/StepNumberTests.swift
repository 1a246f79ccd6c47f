import Testing

@testable import Retrieval

/// Steps and rules with numbers that are not allowed.
@Suite struct StepNumberTests {
    static let extremes = [
        "-9223372036854775808", "-1", "-0", "0", "1000001", "1000000000", "9223372036854775807", "9223372036854775808",
        "nan", "inf", "-inf", "1e308", "", "abc",
    ]

    @Test(arguments: extremes)
    func `No number of a step or rule crashes a search`(number: String) throws {
        let matrix = try EmbeddingMatrix.random(rows: 30, columns: 8, seed: 1)
        let set = try RetrievalSet(queries: matrix, database: matrix, ownRows: Array(0..<30))
        for text in ["alpha-qe:\(number):3", "alpha-qe:3:\(number)", "average-qe:\(number)"]
            + ["database-augmentation:\(number):3", "database-augmentation:3:\(number)"]
        {
            do {
                _ = try set.applying([ExpansionStep(parsing: text)])
            } catch let error as RetrievalError {
                guard case .badStep(text, _) = error else { throw error }
            }
        }
        for text in ["power:\(number)", "k-reciprocal:\(number):6:0.3", "k-reciprocal:20:\(number):0.3"]
            + ["k-reciprocal:20:6:\(number)"]
        {
            do {
                _ = try set.neighbours(count: 5, by: SearchPlan(reRanking: ReRanking(parsing: text)))
            } catch let error as RetrievalError {
                guard case .badReRanking(text, _) = error else { throw error }
            }
        }
    }

    @Test func `A count beyond the limit is refused, and one beyond the database returns all rows`() throws {
        #expect(throws: RetrievalError.self) { try ExpansionStep(parsing: "alpha-qe:1000001:3") }
        #expect(throws: RetrievalError.self) { try ExpansionStep(parsing: "alpha-qe:3:1e10") }
        let matrix = try EmbeddingMatrix.random(rows: 12, columns: 4, seed: 2)
        let set = try RetrievalSet(queries: matrix, database: matrix)
        for plan in [SearchPlan(), SearchPlan(reRanking: try ReRanking(parsing: "power:7"))] {
            #expect(try set.neighbours(count: .max, by: plan).map(\.count) == Array(repeating: 12, count: 12))
        }
    }

    @Test func `Empty sets are searched without OpenBLAS, others with it`() throws {
        let empty = try EmbeddingMatrix(rows: 0, columns: 4, values: [])
        let some = try EmbeddingMatrix.random(rows: 3, columns: 4, seed: 3)
        #expect(try RetrievalSet(queries: some, database: empty).neighbours(count: 3) == [[], [], []])
        #expect(try !OpenBLAS.loaded().kernels.isEmpty)
    }
}
