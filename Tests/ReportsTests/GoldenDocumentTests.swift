import Basics
import Evaluation
import Foundation
import Testing

@testable import Reports

/// A document for every verb, rendered over a pod with all there is to show, against the text beside the tests.
struct GoldenDocumentTests {
    @Test(arguments: Verbs.all.map(\.name)) func `A cell renders as its golden document says`(verb: String) throws {
        let pod = try Pod()
        try pod.addEarlierRun()
        let golden = Golden("cells/\(verb)")
        let result = try pod.render(try golden.document(), name: verb)
        #expect(result.errors.map(\.description) == [])
        var text = try pod.read("reports/\(verb).md")
        for file in try pod.files(in: "reports").filter({ $0.contains("figure-gfm") && $0.hasSuffix(".json") }) {
            text += "\n<!-- \(file) -->\n\(try pod.read("reports/\(file)"))"
        }
        try golden.check(text, ending: "md")
    }

    @Test func `There is a golden document for every verb and for nothing else`() throws {
        #expect(try Golden.documents(in: "cells") == Verbs.all.map(\.name).sorted())
    }
}
