import Algorithms
import Basics
import Foundation
import Results

/// The inputs of a rendering besides the files of stages: with both, it can be repeated on another machine.
///
/// It is stored next to a document's figures as `record.json`.
public struct RenderRecord: Sendable, Equatable, Codable {
    /// Parameters as given.
    let parameters: [String: String]
    var nodes: [ReportNode]
    let graph: [ReportGraphNode]
    /// Nil if no run was recorded.
    let ledger: [RunEntry]?
    var splitComparisons: [SplitComparison]
    /// The runs that the document compares.
    public internal(set) var comparison: ReportComparison?
    /// The variants that the document compares with the present run; nil if there are none.
    var variants: [ReportComparison]?
    /// The decisions that the document uses; nil if it uses none, or if there was no file of decisions.
    public let decisions: ReportDecisions?
    let configuration: JSONValue
    let commit: String?
    let hasUncommittedChanges: Bool
    let command: String
    let versions: [String: String]
    let machine: JSONValue
    /// The SHA-256 of each figure's file and data, by path relative to the document.
    let figures: [String: String]
    /// The files of the document itself, relative to its folder, including those of earlier renderings in other
    /// formats; nil in a record that is older than this list.
    var documents: [String]?

    static let name = "record.json"

    init(
        _ inputs: ReportInputs, comparison: ReportComparison?, variants: [ReportComparison],
        decisions: ReportDecisions?,
        parameters: [String: String], figures: [String: String]
    ) {
        self.parameters = parameters
        nodes = inputs.nodes
        graph = inputs.graph
        ledger = inputs.ledger?.runs
        splitComparisons = inputs.ledger?.splitComparisons ?? []
        self.comparison = comparison
        self.variants = variants.isEmpty ? nil : variants
        self.decisions = decisions
        configuration = inputs.configuration
        commit = inputs.commit
        hasUncommittedChanges = inputs.hasUncommittedChanges
        command = inputs.command
        versions = inputs.versions
        machine = inputs.machine
        self.figures = figures
        documents = nil
    }

    private var allNodes: [ReportNode] {
        nodes + splitComparisons.flatMap(\.training) + comparisons.flatMap { $0.old.nodes + $0.new.nodes }
    }

    /// Every comparison of two runs.
    private var comparisons: [ReportComparison] { [comparison].compactMap(\.self) + (variants ?? []) }

    /// The record with each comparison replaced.
    private func replacingComparisons(
        _ replacement: (ReportComparison) throws -> ReportComparison
    ) rethrows -> RenderRecord {
        var record = self
        record.comparison = try comparison.map(replacement)
        record.variants = try variants?.map(replacement)
        return record
    }

    /// Every result that the document may have read, each once.
    public var results: [ReportNode] { allNodes.uniqued(on: \.place) }

    /// The first invalid key, file name, digest or path; nil if all are valid. Nothing may be read or written by a
    /// record with such a flaw.
    public var flaw: String? {
        if let decisions, !StoredName.isKey(decisions.digest) || decisions.length < 0 {
            return "the digest or the length of the decisions is not valid"
        }
        var files: [String: [String: String]] = [:]
        for node in allNodes {
            guard StoredName.isKey(node.key) else { return "\(quoted: node.key) is not a key of a result" }
            for (name, digest) in node.files.sorted(by: { $0.key < $1.key }) {
                guard StoredName.isFile(name) else { return "\(quoted: name) is not the name of a result's file" }
                guard StoredName.isKey(digest) else { return "\(quoted: digest) is not a digest" }
            }
            guard files.updateValue(node.files, forKey: node.place).map({ $0 == node.files }) ?? true else {
                return "two results have the key \(node.key) but different files"
            }
        }
        return (figures.keys + (documents ?? [])).sorted().first { !StoredName.isPath($0) }
            .map { "\(quoted: $0) is not the path of a rendered file" }
    }

    /// The runs that the document may mention, as the ledger had them.
    public var ledgerRuns: [RunEntry] { ledger ?? [] }

    /// A run whose results the document shows, with the configuration that made them.
    public struct Run: Sendable {
        public let nodes: [ReportNode]
        public let configuration: JSONValue
    }

    /// The entries of the compared runs.
    public var comparedEntries: [RunEntry] { comparisons.flatMap { [$0.old.entry, $0.new.entry] }.compactMap(\.self) }

    /// The present run, and the compared ones.
    public var runs: [Run] {
        let compared = comparisons.flatMap { [$0.old, $0.new] }.map { run in
            Run(nodes: run.nodes, configuration: run.entry?.configuration ?? configuration)
        }
        return [Run(nodes: nodes, configuration: configuration)] + compared
    }

    /// The record with the folder of every result located again.
    public func locating(_ folder: (ReportNode) throws -> URL) rethrows -> RenderRecord {
        func located(_ nodes: [ReportNode]) throws -> [ReportNode] {
            try nodes.map { node in
                var node = node
                node.directory = try folder(node)
                return node
            }
        }
        var record = try replacingComparisons { comparison in
            var comparison = comparison
            comparison.old.nodes = try located(comparison.old.nodes)
            comparison.new.nodes = try located(comparison.new.nodes)
            return comparison
        }
        record.nodes = try located(nodes)
        record.splitComparisons = try splitComparisons.map { comparison in
            var comparison = comparison
            comparison.training = try located(comparison.training)
            return comparison
        }
        return record
    }

    /// The record with the comparisons of its runs computed again.
    public func comparing(_ result: (ReportComparison) throws -> ComparisonSummary) rethrows -> RenderRecord {
        try replacingComparisons {
            ReportComparison(result: try result($0), old: $0.old, new: $0.new)
        }
    }

    /// The formats requested by the command, or else by the document.
    func formats(of document: Document) -> [FrontMatter.Format] {
        let words = Self.words(of: command)
        // A preview is for a browser.
        if words.dropFirst().first == "preview" { return [.html] }
        let option = "--to"
        let given = words.indices.reversed().lazy.compactMap { place -> String? in
            if words[place].hasPrefix(option + "=") { return String(words[place].dropFirst(option.count + 1)) }
            return words[place] == option && words.indices.contains(place + 1) ? words[place + 1] : nil
        }.first
        let named = given?.split(separator: ",").compactMap { FrontMatter.Format(rawValue: String($0)) } ?? []
        return named.isEmpty ? document.frontMatter.formats : named
    }

    /// The words of a command line; text in quotes is one word.
    private static func words(of command: String) -> [String] {
        command.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { place, part in
            place.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
        }
    }

    /// The same inputs, with the photographs and sources of this machine.
    func inputs(_ place: ReportPlace) -> ReportInputs {
        let (comparison, variants) = (comparison, variants ?? [])
        return ReportInputs(
            nodes: nodes, graph: graph,
            ledger: ledger.map { ledger in
                ReportLedger(
                    runs: ledger, splitComparisons: splitComparisons,
                    variant: { variant, _ in variants.first { $0.result.old.number == variant.number } }
                ) { _, _ in comparison }
            }, decisions: decisions, configuration: configuration, place: place, commit: commit,
            hasUncommittedChanges: hasUncommittedChanges, command: command, versions: versions, machine: machine)
    }
}
