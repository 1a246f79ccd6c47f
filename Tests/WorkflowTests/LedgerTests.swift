import Basics
import Foundation
import Reports
import Testing

@testable import Workflow

@Suite struct LedgerTests {
    private func run(_ sandbox: Sandbox, _ options: RunOptions = RunOptions(), _ settings: String...) async throws {
        _ = try await sandbox.project(settings: settings).run(options, observer: SilentObserver())
    }

    private func ledger(_ sandbox: Sandbox) throws -> Ledger { try Ledger(sandbox.project().store) }

    @Test func `A run is recorded with its reason, changes and outcome; a run with nothing to do is not`() async throws
    {
        let sandbox = try Sandbox()
        try await run(sandbox, RunOptions(reason: "first try", command: "whalebook run --reason 'first try'"))
        try await run(sandbox)
        try sandbox.configure("expand: []\n")
        try await run(sandbox)
        let entries = try ledger(sandbox).entries
        #expect(entries.map(\.number) == [1, 2])
        #expect(entries[0].reason == "first try" && entries[0].parent == nil)
        #expect(entries[0].nodes.count == 10 && entries[0].nodes.allSatisfy(\.ran))
        #expect(entries[1].parent == 1)
        #expect(entries[1].nodes.filter(\.ran).map(\.stage) == [.expand, .evaluate, .explain])
        #expect(entries[1].changes.map(\.name) == ["expand", "expand.0.alpha", "expand.0.kind", "expand.0.neighbours"])
        #expect(entries[1].changes[2].text == "expand.0.kind alpha-qe -> none")
        #expect(entries.allSatisfy { $0.map != nil && $0.outcome == .finished })
        let table = RunsTable(try ledger(sandbox)).text
        #expect(table.split(separator: "\n").count == 3 && table.contains("first try"))
    }

    @Test func `A variant is not in the main line, and its parent is the main run`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        try await run(sandbox, RunOptions(tag: "k5"), "search.k=5")
        let ledger = try ledger(sandbox)
        #expect(ledger.entries[1].isVariant && ledger.entries[1].parent == 1)
        #expect(ledger.entries[1].changes.map(\.text) == ["search.k 20 -> 5"])
        #expect(try ledger.run(named: "k5").number == 2)
        #expect(ledger.current?.number == 1)
    }

    @Test func `A run that does not change the evaluation does not become the current one`() async throws {
        let sandbox = try Sandbox()
        #expect(try ledger(sandbox).current == nil && ledger(sandbox).previous == nil)
        try await run(sandbox)
        try await run(sandbox, RunOptions(force: true, reason: "once more"))
        #expect(try ledger(sandbox).current?.number == 1 && ledger(sandbox).last?.number == 2)
        #expect(try ledger(sandbox).previous == nil)
        try sandbox.configure("expand: []\n")
        try await run(sandbox, RunOptions(reason: "without expansion"))
        try await run(sandbox, RunOptions(stages: [.search], force: true))
        try await run(sandbox, RunOptions(), "search.k=5")
        #expect(try ledger(sandbox).current?.reason == "without expansion")
        #expect(try ledger(sandbox).previous?.number == 2)
        try sandbox.configure("")
        try await run(sandbox, RunOptions(reason: "back"))
        #expect(try ledger(sandbox).current?.reason == "back" && ledger(sandbox).previous?.number == 3)
    }

    @Test func `A file that is not a run is reported, and its number causes no crash`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let store = try sandbox.project().store
        #expect(try ledger(sandbox).gap == nil)
        let first = try String(contentsOf: store.runsFolder.appending(path: "000001.json"), encoding: .utf8)
        for name in ["9223372036854775807.json", "000007.json"] {
            try AtomicFile.write(first, to: store.runsFolder.appending(path: name))
        }
        try AtomicFile.write("{", to: store.runsFolder.appending(path: "000003.json"))
        let gap = try #require(try ledger(sandbox).gap)
        #expect(gap.hasPrefix("3 runs cannot be read and are missing here: 000003.json, 000007.json, 9223"), "\(gap)")
        try await run(sandbox, RunOptions(reason: "again"))
        #expect(try ledger(sandbox).entries.map(\.number) == [1, 8])
    }

    @Test func `A changed entry is not listed`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let url = try sandbox.project().store.runsFolder.appending(path: "000001.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        let other = text.replacing(/"map": 0\.(?<first>[0-9])/) { "\"map\": 0.\($0.first == "9" ? "8" : "9")" }
        #expect(other != text)
        try AtomicFile.write(other, to: url)
        #expect(try ledger(sandbox).entries.isEmpty && ledger(sandbox).gap?.contains("000001.json") == true)
        try AtomicFile.write(text, to: url)
        #expect(try ledger(sandbox).entries.count == 1)
    }

    @Test func `An impossible duration is not shown`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let url = try sandbox.project().store.runsFolder.appending(path: "000001.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        // An entry of earlier versions has no digest.
        let old = text.replacing(/"digest": "[0-9a-f]+",/, with: "")
        try AtomicFile.write(old.replacing(/"seconds": [0-9.e-]+/, with: "\"seconds\": 9.3e18"), to: url)
        #expect(RunsTable(try ledger(sandbox)).text.contains("–"))
    }

    @Test func `A failed run is recorded with its failure`() async throws {
        let sandbox = try Sandbox()
        try sandbox.behave("fail")
        await #expect(throws: StageFailure.self) { try await run(sandbox) }
        let entry = try #require(try ledger(sandbox).entries.first)
        #expect(entry.outcome == .failed && entry.failure?.contains("cut short") == true)
        #expect(entry.nodes.map(\.stage) == [.split, .measure] && entry.map == nil)
    }

    @Test func `If one member fails, the others run with keepsGoing`() async throws {
        let sandbox = try Sandbox(yaml: "seeds: [1, 2]\n")
        try sandbox.behave("fail-seed-1")
        await #expect(throws: StageFailure.self) { try await run(sandbox, RunOptions(keepsGoing: true)) }
        let states = try await sandbox.project().status().nodes.map { ($0.node.name, $0.state) }
        func state(_ name: String) -> NodeState? { states.first { $0.0 == name }?.1 }
        #expect(state("train lite0 seed 1 fold 0") == .failed)
        #expect(state("search seed 1 fold 0") == .blocked)
        #expect(state("search seed 2 fold 0") == .fresh)
        #expect(state("evaluate") == .blocked)
    }

    @Test func `A tag can move, and reserved words are refused`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox, RunOptions(tag: "best"))
        try await run(sandbox, RunOptions(reason: "again"))
        var ledger = try ledger(sandbox)
        try ledger.tag("2", as: "best")
        #expect(try self.ledger(sandbox).entries.map(\.tags) == [[], ["best"]])
        for tag in ["current", "7", "a b", ""] {
            #expect(throws: LedgerError.badTag(tag)) { try ledger.tag("1", as: tag) }
        }
        #expect(throws: LedgerError.unknownRun("bets", near: "best", count: 2)) { try ledger.run(named: "bets") }
    }

    @Test func `Two runs are compared by query; runs with different databases are not comparable`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        try sandbox.configure("expand: []\n")
        try await run(sandbox)
        let store = try sandbox.project().store
        var ledger = try ledger(sandbox)
        let comparison = try RunComparison(
            try #require(ledger.previous), try #require(ledger.current), store: store)
        #expect(comparison.summary.changes.count == 4)
        #expect(comparison.fallenOut == 0)
        #expect(comparison.text.contains("queries  \(comparison.comparison.pairs.count) compared"))
        let (summary, text) = (comparison.summary, comparison.text)
        #expect(text.hasPrefix(summary.answer + "\n"), "the terminal has the report's words")
        #expect(try text.contains(summary.why) && text.contains(#require(summary.advice)))
        #expect(summary.leftOpen.map(text.contains) != false && (summary.commands ?? []).allSatisfy(text.contains))

        try sandbox.configure("split: {unseen: 0.5}\n")
        try await run(sandbox)
        ledger = try self.ledger(sandbox)
        let (old, new) = (try ledger.run(named: "1"), try ledger.run(named: "3"))
        #expect { try RunComparison(old, new, store: store) } throws: {
            guard case ComparisonError.notComparable(_, _, let reasons) = $0 else { return false }
            return reasons.contains("the split differs")
        }
        let documents = try await sandbox.project().reportInputs(
            command: "t", layout: ProjectLayout(of: sandbox.root, executable: sandbox.root), versions: [:])
        let ledgerOfDocuments = try #require(documents.ledger)
        #expect { try ledgerOfDocuments.comparison("1", "3") } throws: {
            ($0 as? IncomparableRuns)?.reason.contains("the split differs") == true
        }
        let common = try RunComparison(old, new, store: store, intersects: true)
        #expect(common.fallenOut > 0 && !common.comparison.pairs.isEmpty)
    }
}
