import Basics
import Evaluation
import Results
import Testing

@Suite struct ExpansionSweepTests {
    private let sweep = ExpansionSweep(
        rows: [
            .init(neighbours: 0, alpha: 0, map: 0.25), .init(neighbours: 2, alpha: 0, map: 0.5),
            .init(neighbours: 2, alpha: 3, map: 1 / 3), .init(neighbours: 5, alpha: 1.5, map: 0.5),
        ], queries: 7)

    @Test func `Among equals the choice that changes least is the best`() {
        #expect(sweep.best == sweep.rows[1])
        #expect(sweep.baseline == sweep.rows[0])
        let even = ExpansionSweep(
            rows: sweep.rows.map { .init(neighbours: $0.neighbours, alpha: 0, map: 0.5) }, queries: 7)
        #expect(even.best?.neighbours == 0)
        #expect(SweepSummary(sweep).best?.map == 0.5)
        #expect(SweepSummary(sweep).choices == 3)
    }

    @Test func `An empty sweep has no best choice`() throws {
        let nothing = ExpansionSweep(rows: [], queries: 0)
        #expect(nothing.best == nil)
        #expect(try JSONValue(encoding: SweepSummary(nothing))["best"] == .null)
    }
}
