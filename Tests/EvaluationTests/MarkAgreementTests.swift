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
            [0.8, 0.95, 0.9, 0.85].map { Self.match($0, true, query: ($0, 0.5)) }
                + [0.7, 0.99].map { Self.match($0, false, query: ($0, 0.5)) })
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
        let agreement = MarkAgreement((0..<count).map { Self.match(0.9, true, query: (Double($0) / 100, 0.5)) })
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
        let others = (0..<9).map { Self.match(0.9, false, query: (0, Double($0) / 9)) }
        let quarter = MarkAgreement([inside] + outside + others)
        #expect(quarter.middleShare == 0.25)
        let second = Self.match(0.9, true, query: (0.4, 0.4))
        let half = MarkAgreement([inside, second] + outside.prefix(2))
        #expect(half.middleShare == 0.5)
    }

    @Test func `Several marks at one place count once, and one that agrees stands for them`() {
        let places = (0..<4).map { (0.2 + Double($0) / 10, 0.5) }
        let once = places.map { Self.match(0.9, true, query: $0) }
        let again = [Self.match(0.95, true, query: places[0]), Self.match(0.99, false, query: places[1])]
        let agreement = MarkAgreement(once + again)
        #expect(agreement.agreeing.count == 4 && agreement.others.isEmpty && agreement.count == 4)
        #expect(agreement.agreeing.first?.similarity == 0.95)
        // Three places do not agree, however many marks they have; one place in the query and two in the other are two.
        #expect(MarkAgreement(Array(once.prefix(3)) + once.prefix(3)).agreeing.isEmpty)
        #expect(MarkAgreement(once + [Self.match(0.8, true, query: places[0], database: (0.6, 0.5))]).count == 5)
    }
}
