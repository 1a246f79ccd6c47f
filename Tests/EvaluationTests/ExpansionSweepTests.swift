import Basics
import Evaluation
import Foundation
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
        #expect(sweep.json[path: "best.map"] == 0.5)
        #expect(sweep.json["choices"] == 3)
    }

    @Test func `The table reads back as it was written`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "sweep-\(UUID()).csv")
        defer { try? FileManager.default.removeItem(at: url) }
        try sweep.write(to: url)
        #expect(try ExpansionSweep.read(url) == sweep)
        try AtomicFile.write("neighbours,alpha,map,queries\n1,x,0.5,7\n", to: url)
        #expect { try ExpansionSweep.read(url) } throws: { "\($0)".contains("sweep.csv:2".suffix(6)) }
        let nothing = ExpansionSweep(rows: [], queries: 0)
        #expect(nothing.best == nil)
        #expect(nothing.json["best"] == .null)
    }
}
