import Basics
import Evaluation
import Foundation
import Results
import Testing

struct SuspectFileTests {
    @Test func `A suspect's names are not formulas in a spreadsheet and read back unchanged`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "suspects-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: url) }
        let suspects = ["=cmd()", "@sum", "'=x", "-1", "whale"].map { name in
            IdentitySuspect(
                kind: .split, whaleID: name, otherWhaleID: name + "2", imageIDs: [name, name + "b"], score: 0.5,
                evidence: name)
        }
        try SuspectTable.write(suspects, to: url)
        let table = try CSVTable.read(url)
        for cell in table.rows.joined().flatMap({ $0.split(separator: ";") }) {
            #expect(!["=", "+", "-", "@"].contains { cell.hasPrefix($0) }, "\(cell)")
        }
        #expect(try SuspectTable.read(url).map(\.suspect) == suspects)
    }
}
