import Basics
import Foundation
import Results
import Testing

@testable import Workflow

/// Decisions that a document shows, as `verify` checks them.
@Suite struct VerifyDecisionTests {
    private static func decide(_ id: String, in sandbox: Sandbox) throws {
        try DecisionLog(sandbox.root.appending(path: DecisionLog.fileName)).append(
            PairDecision(
                id: id, time: "2026-11-30T10:00:00Z", reviewer: "Anna", verdict: .same,
                question: PairQuestion(
                    source: .season, queryImageID: "new \(id)", queryWhaleID: nil, imageID: "p0-0", whaleID: "w0",
                    probability: 0.5),
                shownImageIDs: [], shown: "", seconds: 3))
    }

    /// A sandbox with a document that shows two decisions.
    private static func rendered() async throws -> Sandbox {
        let sandbox = try Sandbox(yaml: "explain: {queries: 0}\nreduce: {photographs: 0}\n")
        let text = "```{reliability-curve}\n#| label: fig-a\npredictions: decisions\n```\n"
        try AtomicFile.write(text, to: sandbox.root.appending(path: "reports/trial.book.md"))
        for id in ["1", "2"] { try decide(id, in: sandbox) }
        _ = try await sandbox.project().run(RunOptions(), observer: SilentObserver())
        try await VerifyTests.render(sandbox)
        return sandbox
    }

    private static let forged =
        "decisions.csv: does not begin with the decisions that the document used: lines were changed or removed"

    @Test func `A file of decisions may grow, and nothing else`() async throws {
        let sandbox = try await Self.rendered()
        #expect(try await VerifyTests.findings(sandbox) == [])
        try Self.decide("3", in: sandbox)
        #expect(try await VerifyTests.findings(sandbox) == [], "one more decision")
        let file = sandbox.root.appending(path: DecisionLog.fileName)
        let text = try String(contentsOf: file, encoding: .utf8)
        try AtomicFile.write(text.replacing("Anna,same", with: "Anna,different"), to: file)
        #expect(try await VerifyTests.findings(sandbox) == [Self.forged])
        try AtomicFile.write(text.split(separator: "\n").prefix(2).joined(separator: "\n") + "\n", to: file)
        #expect(try await VerifyTests.findings(sandbox) == [Self.forged])
        try AtomicFile.write("id,decision\n1,sell\n", to: file)
        let without = try await VerifyTests.verify(sandbox)
        #expect(without.findings.isEmpty)
        #expect(without.gaps.contains("the decisions: there is no decisions.csv of 'review' next to the configuration"))
    }

    @Test func `Decisions that only the record has are a finding`() async throws {
        let sandbox = try await Self.rendered()
        try VerifyTests.edit(VerifyTests.record, in: sandbox) {
            $0.replacing("\"verdict\": \"same\"", with: "\"verdict\": \"different\"")
        }
        let found = try await VerifyTests.findings(sandbox)
        #expect(found.contains("decisions.csv: has other decisions than the document shows"), "\(found)")
    }
}
