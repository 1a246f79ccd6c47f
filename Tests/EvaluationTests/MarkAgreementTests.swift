import Evaluation
import Testing

struct MarkAgreementTests {
    private static func match(
        _ similarity: Double, _ isExplained: Bool, query: (Double, Double) = (0.5, 0.5),
        database: (Double, Double) = (0.5, 0.5)
    ) -> MarkMatch {
        MarkMatch(
            query: MarkPlace(x: query.0, y: query.1, radius: 0.02),
            database: MarkPlace(x: database.0, y: database.1, radius: 0.02), similarity: similarity,
            isExplained: isExplained)
    }

    @Test func `Matches that agree come apart from the others, each list by similarity`() {
        let agreement = MarkAgreement(
            [0.8, 0.95, 0.9, 0.85].map { Self.match($0, true) } + [0.7, 0.99].map { Self.match($0, false) })
        #expect(agreement.agreeing.map(\.similarity) == [0.95, 0.9, 0.85, 0.8])
        #expect(agreement.others.map(\.similarity) == [0.99, 0.7])
        #expect(agreement.count == 6)
        #expect(agreement.finding == "4 of 6 matches agree on one movement")
    }

    @Test(arguments: [
        (0, "no marks match"), (1, "no matches agree (1 match)"), (3, "no matches agree (3 matches)"),
        (4, "4 of 4 matches agree on one movement"), (59, "59 of 59 matches agree on one movement"),
        (60, "60 of at least 60 matches agree on one movement"),
    ])
    func `Any three matches have a movement, so three do not agree`(count: Int, finding: String) {
        let agreement = MarkAgreement((0..<count).map { _ in Self.match(0.9, true) })
        #expect(agreement.finding == finding)
        #expect(agreement.agreeing.count == (count < 4 ? 0 : count) && agreement.count == count)
        #expect((agreement.middleShare == nil) == (count < 4))
    }

    @Test func `A match is in the middle if both of its marks are`() {
        let inside = Self.match(0.9, true, query: (0.21, 0.79), database: (0.5, 0.3))
        let outside = [
            Self.match(0.9, true, query: (0.19, 0.5)), Self.match(0.9, true, database: (0.5, 0.81)),
            Self.match(0.9, true, query: (0.5, 0.05), database: (0.95, 0.5)),
        ]
        // Marks that do not agree have no say.
        let others = Array(repeating: Self.match(0.9, false, query: (0, 0)), count: 9)
        let quarter = MarkAgreement([inside] + outside + others)
        #expect(quarter.middleShare == 0.25)
        let half = MarkAgreement([inside, inside] + outside.prefix(2))
        #expect(half.middleShare == 0.5)
    }
}
