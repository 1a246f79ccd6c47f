import Configuration
import Foundation
import Testing

@Suite struct ExpansionTests {
    private func parse(_ expand: String) throws -> Configuration {
        try Configuration(
            parsing: "expand: \(expand)", path: "whalebook.yaml", root: URL(filePath: "/project/"))
    }

    @Test func `A re-ranking can follow steps, and has its paper's numbers as defaults`() throws {
        let entries = try parse("[{kind: database-augmentation}, {kind: alpha-qe}, {kind: k-reciprocal}]").expand
        #expect(entries.map(\.kind) == [.databaseAugmentation, .alphaQE, .kReciprocal])
        #expect((entries[2].k1, entries[2].k2, entries[2].lambda) == (20, 6, 0.3))
        #expect(try parse("[{kind: power}]").expand[0].exponent == 7)
    }

    @Test(arguments: [
        ("[{kind: power}, {kind: alpha-qe}]", "'expand' has steps after 'power'"),
        ("[{kind: k-reciprocal}, {kind: power}]", "'expand' has steps after 'k-reciprocal'"),
        ("[{kind: power, alpha: 3}]", "'expand.0.alpha' has no effect with kind 'power'"),
        ("[{kind: average-qe, alpha: 3}]", "'expand.0.alpha' has no effect with kind 'average-qe'"),
        ("[{kind: alpha-qe, k1: 3}]", "'expand.0.k1' has no effect with kind 'alpha-qe'"),
        ("[{kind: k-reciprocal, lambda: 2}]", "'expand.0.lambda' is '2' but must be a number from 0 to 1"),
        ("[{kind: power, exponent: 0}]", "'expand.0.exponent' is '0'"),
    ])
    func `Steps in an impossible order, and options without effect, are refused`(expand: String, problem: String) throws
    {
        let error = try #require(throws: ConfigurationError.self) { try parse(expand) }
        #expect(error.description.contains(problem), "\(error)")
    }
}
