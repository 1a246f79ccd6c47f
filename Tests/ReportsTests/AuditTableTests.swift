import Basics
import Catalog
import Foundation
import Testing

@testable import Reports

@Suite struct AuditTableTests {
    private static let cell = """
        ```{audit-table}
        #| label: tbl-audit
        #| from: [split, measure]
        #| tbl-cap: "`{wb} warnings` warnings; `{wb} answerable | percent(0)` answerable"
        ```

        """

    /// Puts two photographs of an animal into one encounter.
    private static func plant(_ pod: Pod, _ id: String, into encounter: String) throws {
        let metadata = try pod.read("data/pod/metadata.csv")
        let lines = metadata.split(separator: "\n").map { line in
            line.hasPrefix(id + ",")
                ? line.split(separator: ",").dropLast().joined(separator: ",") + "," + encounter : String(line)
        }
        try pod.write("data/pod/metadata.csv", lines.joined(separator: "\n") + "\n")
    }

    @Test func `A split without a leak has a table and no warning, and names what was not checked`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("0 warnings; 100% answerable"))
        #expect(markdown.contains("| encounter | 0 | 0 | 0 | – |"))
        #expect(markdown.contains("| near-duplicate | – | – | – | not checked |"))
        #expect(markdown.contains("Near-duplicates were not checked"))
        #expect(!markdown.contains("[!WARNING]"))
    }

    @Test func `Each leak has its warning, which names the first photographs`() throws {
        let pod = try Pod()
        // w1p1 is in training and also a match of the query w1p4.
        try Self.plant(pod, "w1p4", into: "e1-1")
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("1 warnings"))
        #expect(
            markdown.contains("> [!WARNING]\n> 1 of 11 test photographs share an encounter with a training photograph"))
        #expect(markdown.contains("1 query has a match that is from its own encounter"))
        #expect(markdown.contains("| **encounter** | 0 | 1 (9.1%) | 1 (50.0%) | w1p4, w1p1 |"))
    }

    /// A table of measures in which only the hashes differ.
    private static func measures(_ hashes: [(id: String, hash: String)]) -> String {
        "image_id,width,height,sharpness,exposure,clipped_dark,clipped_bright,perceptual_hash\n"
            + hashes.map { "\($0.id),48,32,1,0.5,0,0,\($0.hash)\n" }.joined()
    }

    @Test func `Near-duplicates are found by the hashes of measure and exact ones by the files' digests`() throws {
        let pod = try Pod()
        try pod.write(
            "store/measure/measures.csv",
            Self.measures([
                ("w2p4", "00000000000000ff"), ("w2p1", "00000000000000fe"), ("w3p1", "ff00ff00ff00ff00"),
            ]))
        pod.digests = ["w3p5": "same", "w1p1": "same"]
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("| **near-duplicate** | 0 | 1 (9.1%) | 1 (50.0%) | w2p4, w2p1 |"))
        #expect(markdown.contains("| **source file** | 0 | 1 (9.1%) | 0 | w3p5, w1p1 |"))
        try pod.write("store/measure/measures.csv", Self.measures([("w2p4", "hash")]))
        let result = try pod.render(Self.cell)
        #expect(
            result.errors.contains {
                $0.description.contains("measures.csv:2: 'hash' in column perceptual_hash is not a perceptual hash")
            })
    }

    @Test func `Runs that differ only in their split are compared`() throws {
        let pod = try Pod()
        #expect(try !pod.markdown(Self.cell).contains("Split by"))
        let training = pod.inputs.nodes.filter { $0.stage == .train }
        pod.ledger = ReportLedger(
            splitComparisons: [
                .init(kind: "image", run: "leaky", map: 0.9, queries: 1200, training: training),
                .init(kind: "encounter", run: "4", map: 0.5, queries: 900, training: []),
            ]
        ) { _, _ in nil }
        let markdown = try pod.markdown(Self.cell)
        // The last epoch's validation.
        #expect(markdown.contains("| image | leaky | 0.500 | 0.900 | 1,200 |\n| encounter | 4 | – | 0.500 | 900 |"))
    }
}
