import Basics
import Foundation
import Results
import Testing

@testable import Reports

/// Documents with every possible error, and the expected messages.
struct GoldenErrorTests {
    /// The damage to a pod that a document's errors need, by the document's name.
    private static func spoil(_ pod: Pod, for name: String) throws {
        func remove(_ path: String) throws { try FileManager.default.removeItem(at: pod.root.appending(path: path)) }
        switch name {
        case "cell-parameters":
            try pod.write(
                "Sources/Twice.swift", String(repeating: "// snippet.begin twice\na\n// snippet.end\n", count: 2))
        case "snippet-misplaced": try pod.write("Sources/A.swift", "// snippet.begin a\nb\n// snippet.begin c\n")
        case "snippet-open": try pod.write("Sources/A.swift", "// snippet.begin a\nb\n")
        case "results-missing":
            for path in ["split", "evaluate/queries.csv", "expand/neighbors.csv"] { try remove("store/\(path)") }
        case "results-without-measures":
            let unmeasured: [String: JSONValue] = [
                "pooled": ["seeds": ["values": [], "mean": 0], "folds": ["values": [], "mean": 0]], "scenarios": [:],
                "populations": [:], "untrained": nil, "viewpoints": [], "other_encounters": nil, "fusion": nil,
                "background": nil, "laterality": nil,
                "expanded": ["steps": [], "gained": 0, "lost": 0, "unchanged": 0],
            ]
            let evaluation = (Pod.evaluation.object ?? [:]).merging(unmeasured) { $1 }
            try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
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
            pod.graph.removeAll { $0.stage == .train }
            pod.seeds = []
        case "sources-missing": try remove("Sources")
        case "comparison-of-other-queries":
            pod.ledger = ReportLedger(runs: [Pod.first, Pod.present]) { _, _ in
                throw IncomparableRuns("The queries differ.")
            }
        case "comparison-without-results":
            try pod.addEarlierRun()
            let ledger = try #require(pod.ledger)
            pod.ledger = ReportLedger(runs: ledger.runs, splitComparisons: ledger.splitComparisons) { old, new in
                guard let found = try ledger.comparison(old, new) else { return nil }
                return ReportComparison(result: found.result, old: .init(nodes: []), new: found.new)
            }
        default: break
        }
    }

    private static let names = (try? Golden.documents(in: "errors")) ?? []

    @Test(arguments: names)
    func `A document reports its errors and loses none of its text`(name: String) throws {
        let pod = try Pod()
        try Self.spoil(pod, for: name)
        let golden = Golden("errors/\(name)")
        let result = try pod.render(try golden.document(), name: name)
        #expect(!result.errors.isEmpty)
        let messages = result.errors.map { $0.description.replacing(pod.root.path, with: "PROJECT") + "\n" }.joined()
        try golden.check(messages, ending: "txt")
        #expect(try pod.read("reports/\(name).md").contains("Text that is not lost."))
    }

    @Test func `Every error in the sources is in a golden document`() throws {
        #expect(Self.names.count > 15)
        let messages = try Self.names.flatMap {
            try Golden("errors/\($0)").expected(ending: "txt").split(separator: "\n")
        }
        let places = Dictionary(grouping: try Self.errors(), by: \.pattern)
        for (pattern, sites) in places.sorted(by: { $0.key < $1.key }) {
            // An error that is written in several places must occur as often.
            let expression = try pattern.expression()
            let found = Set(messages.filter { $0.firstMatch(of: expression) != nil })
            #expect(found.count >= sites.count, "\(sites.map(\.place)): \(found.count) golden lines")
        }
        // These have too little text in the sources to search for; the documents have them, too.
        let general = places.keys.filter(\.isGeneral).map(\.text).sorted()
        #expect(
            general == [
                #"\(quoted: expression.path.text): \(error.problem)"#, #"\(quoted: text) has \(count)"#,
            ])
    }

    /// The text of an error in the sources, with gaps for its values.
    private struct Pattern: Hashable, Comparable {
        let text: String
        private let words: [String]

        init(_ text: String) {
            self.text = text
            // The words before a value with quotes in it are enough.
            let gap = #/\\\((?:[^()]|\([^()]*\))*\)|\\\(.*$/#
            words = text.split(separator: gap, omittingEmptySubsequences: false).map(String.init)
        }

        var isGeneral: Bool { words.joined().count(where: \.isLetter) < 4 }
        func expression() throws -> Regex<AnyRegexOutput> {
            try Regex(words.map(NSRegularExpression.escapedPattern).joined(separator: ".*"))
        }
        static func < (one: Pattern, other: Pattern) -> Bool { one.text < other.text }
    }

    private static func errors() throws -> [(place: String, pattern: Pattern)] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Reports")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).sorted()
            .filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Verification/") }
        let call = #/(?:ValueError|problems\.add)\(\s*(?:[\w.?+ ]+,\s*)?"((?:[^"\\]|\\.)*)"/#
        return try files.flatMap { file in
            let text = String(decoding: try Data(contentsOf: sources.appending(path: file)), as: UTF8.self)
            return text.matches(of: call).map { match in
                let line = text[..<match.range.lowerBound].count { $0 == "\n" } + 1
                return ("\(file):\(line)", Pattern(String(match.1)))
            }
        }
    }
}
