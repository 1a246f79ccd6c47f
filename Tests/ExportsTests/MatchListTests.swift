import Basics
import Foundation
import Testing

@testable import Exports

@Suite struct MatchListTests {
    private func table() throws -> CSVTable {
        let folder = try TemporaryFolder("matches")
        defer { folder.remove() }
        let file = try #require(MatchList(ExportedPod.run(ExportedPod.catalog(boxed: true))).files.first)
        #expect(file.path == ["wildbook", "matches.csv"])
        let url = folder.url.appending(path: "matches.csv")
        try file.write(to: url)
        #expect(try Data(contentsOf: url) == file.contents())
        return try CSVTable.read(url)
    }

    @Test func `There is a row for each query and rank, with both photographs in Wildbook's fields`() throws {
        let table = try table()
        func column(_ name: String) throws -> [String] {
            let column = try table.column(name)
            return table.rows.map { $0[column] }
        }
        #expect(try column("query_id") == ["q1", "q1", "q2", "q3"] && column("rank") == ["1", "2", "1", "1"])
        #expect(try column("score") == ["0.1", "-0.25", "-0.25", "0.5"])
        #expect(try column("right") == ["1", "0", "0", ""])
        #expect(try column("probability_of_new") == ["0.5000", "0.5000", "", ""])
        #expect(
            try column("query.MarkedIndividual.individualID") == [
                ExportedPod.hostile, ExportedPod.hostile, ExportedPod.hostile, "w2",
            ])
        #expect(try column("candidate.MarkedIndividual.individualID") == [ExportedPod.hostile, "w2", "w2", ""])
        #expect(
            try column("candidate.Encounter.mediaAsset0") == ["images/c.png", "images/b.png", "images/b.png", "d.jpg"])
        #expect(try column("query.Occurrence.occurrenceID") == ["e,1", "e,1", "e,1", ""])
        #expect(try column("query.Encounter.year") == ["2017", "2017", "2017", "2017"])
        #expect(try column("query.Encounter.month") == ["7", "7", "7", "8"])
        #expect(try column("query.Encounter.day") == ["1", "1", "1", ""])
        // Wildbook's word for "from above".
        #expect(try column("query.Annotation0.ViewPoint") == ["up", "up", "up", "left"])
        #expect(try column("candidate.Annotation0.bbox")[0] == "[30, 5, 20, 10]")
    }

    @Test func `No column is one of Wildbook's, which would import every row as an encounter`() throws {
        let columns = try table().header
        #expect(columns.count == 24 && columns.count { $0.contains(".") } == 18)
        #expect(columns.allSatisfy { !$0.contains(".") || $0.hasPrefix("query.") || $0.hasPrefix("candidate.") })
    }
}
