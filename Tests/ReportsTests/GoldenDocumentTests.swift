import Basics
import Evaluation
import Foundation
import Testing

@testable import Reports

/// A document for every kind, rendered from a complete pod and compared with the text stored with the tests.
struct GoldenDocumentTests {
    @Test(arguments: CellKinds.all.map { $0.name }) func `A cell renders like its golden document`(kind: String) throws
    {
        let pod = try Pod()
        try pod.addEarlierRun()
        let golden = Golden("cells/\(kind)")
        let result = try pod.render(try golden.document(), name: kind)
        #expect(result.errors.map(\.description) == [])
        var text = try pod.read("reports/\(kind).md")
        for file in try pod.files(in: "reports").filter({ $0.contains("figure-gfm") && $0.hasSuffix(".json") }) {
            text += "\n<!-- \(file) -->\n\(try pod.read("reports/\(file)"))"
        }
        try golden.check(text, ending: "md")
    }

    @Test func `Every kind has a golden document, and there are no others`() throws {
        #expect(try Golden.documents(in: "cells") == CellKinds.all.map { $0.name }.sorted())
    }
}
