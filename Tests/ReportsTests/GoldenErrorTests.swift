import Basics
import Foundation
import Testing

@testable import Reports

/// Documents with everything that can be wrong, and what each of them must say.
struct GoldenErrorTests {
    /// What has to be wrong with a pod for a document's errors to show, by the document's name.
    private static func spoil(_ pod: Pod, for name: String) throws {
        func remove(_ path: String) throws { try FileManager.default.removeItem(at: pod.root.appending(path: path)) }
        switch name {
        case "cell-parameters":
            try pod.write(
                "Sources/Networks/Making.swift",
                "extension FocalLoss {\n    func make(a: Int) {}\n    func make(b: Int) {}\n}\n")
        case "results-missing":
            for path in ["split", "evaluate/queries.csv", "expand/neighbors.csv"] { try remove("store/\(path)") }
        case "results-without-measures":
            try pod.write("store/evaluate/evaluation.json", "{}")
            try pod.writeQueries([])
            try pod.write(
                "store/train/history.csv",
                "member,seed,fold,epoch,learning_rate,train_loss,validation_map,images_per_second,seconds\n"
                    + "lite0,1,0,first,0.001,5.5,0.2,40.0,2.00\n")
        case "heat-maps-incomplete":
            let maps = try pod.read("store/explain/heat-maps.csv").split(separator: "\n").prefix(2)
            try pod.write("store/explain/heat-maps.csv", maps.joined(separator: "\n") + "\n")
        case "heat-maps-of-other-queries": try pod.writeQueries(Array(Pod.asked.prefix(1)))
        case "heat-maps-of-unknown-fit": try pod.write("store/explain/explain.json", "{\"fit\": \"bend\"}")
        case "nothing-run":
            try remove("store")
            pod.graph = []
        case "workflow-of-unknown-state": pod.graph = [Pod.node("split fold 0", [], state: "rotten")]
        case "results-that-differ":
            pod.seeds = [1, 2]
            try pod.writeTraining(folder: "train2", parameters: 7)
        case "results-imported":
            pod.graph.removeAll { $0.stage == "train" }
            pod.seeds = []
        case "sources-missing": try remove("Sources")
        case "comparison-without-results":
            try pod.addEarlierRun()
            let ledger = try #require(pod.ledger)
            pod.ledger = ReportLedger(runs: ledger.runs, partings: ledger.partings) { old, new in
                guard let found = try ledger.comparison(old, new) else { return nil }
                return ReportComparison(json: found.json, old: .init(nodes: []), new: found.new)
            }
        default: break
        }
    }

    private static let names = (try? Golden.documents(in: "errors")) ?? []

    @Test(arguments: names)
    func `A document says what is wrong with it, and loses none of its text`(name: String) throws {
        let pod = try Pod()
        try Self.spoil(pod, for: name)
        let golden = Golden("errors/\(name)")
        let document = try golden.document()
        let result = try pod.render(document, name: name)
        #expect(!result.errors.isEmpty)
        let told = result.errors.map { $0.description.replacing(pod.root.path, with: "PROJECT") + "\n" }.joined()
        try golden.check(told, ending: "txt")
        let markdown = try pod.read("reports/\(name).md")
        #expect(markdown.contains("Text that is not lost.") == document.contains("Text that is not lost."))
    }

    /// Every text between the brackets of an error in the sources, what is filled in as a gap.
    @Test func `Every error of the sources stands in a golden document`() throws {
        #expect(Self.names.count > 15)
        let told = try Self.names.map { try Golden("errors/\($0)").expected(ending: "txt") }.joined(separator: "\n")
        let missing = try Self.errors().filter { told.firstMatch(of: try Regex($0.pattern)) == nil }
        #expect(missing.map(\.place) == [])
    }

    private static func errors() throws -> [(place: String, pattern: String)] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Reports")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).sorted()
            .filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Verification/") }
        let call = #/(?:ValueError|problems\.add)\(\s*(?:[\w.?+ ]+,\s*)?"((?:[^"\\]|\\.)*)"/#
        return try files.flatMap { file in
            let text = String(decoding: try Data(contentsOf: sources.appending(path: file)), as: UTF8.self)
            return text.matches(of: call).map { match in
                let line = text[..<match.range.lowerBound].count { $0 == "\n" } + 1
                // What follows a value with quotes in it is left to the words before.
                let gap = #/\\\((?:[^()]|\([^()]*\))*\)|\\\(.*$/#
                let words = String(match.1).split(separator: gap, omittingEmptySubsequences: false)
                let pattern = words.map { NSRegularExpression.escapedPattern(for: String($0)) }.joined(separator: ".*")
                return ("\(file):\(line): \(match.1)", pattern)
            }
        }
    }
}
