import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results

/// Reads the files of stages, each once per rendering.
final class Artefacts {
    let inputs: ReportInputs
    /// The runs that are compared.
    let pair: RunPair
    /// What was read, or the error of reading it, by place.
    private var known: [URL: Result<any Sendable, any Error>] = [:]
    /// The comparison of the runs, once something has used it.
    private(set) var usedComparison: ReportComparison?
    /// The variants compared with the present run, once something has used them.
    private(set) var usedVariants: [ReportComparison] = []
    /// The decisions, once something has used them.
    private(set) var usedDecisions: ReportDecisions?
    private lazy var catalogResult = Result {
        try Catalog.read(
            inputs.place.dataDirectory, layout: inputs.place.dataLayout, patterns: inputs.place.dataPatterns,
            nobody: inputs.place.dataNobody, links: inputs.place.dataLinks, salvage: inputs.place.dataSalvage)
    }
    private lazy var comparisonResult = Result {
        do { return try pair.comparison(inputs.ledger) } catch let error as IncomparableRuns {
            incomparable = error
            return nil
        }
    }
    /// Why two runs were not compared; nil if there are no two.
    private(set) var incomparable: IncomparableRuns?
    private lazy var comparedRunsResult = Result { try comparison().map { try ComparedRuns($0, artefacts: self) } }
    private lazy var comparedMeasuresResult = Result { try comparedRuns().map { try ComparedMeasures($0, self) } }

    init(_ inputs: ReportInputs, pair: RunPair = RunPair()) {
        self.inputs = inputs
        self.pair = pair
    }

    /// Whether the configured workflow lacks a stage: it is off, or its result was imported.
    func isLeftOut(_ stage: StageName) -> Bool {
        !inputs.graph.isEmpty && !inputs.graph.contains { $0.stage == stage }
    }

    /// A file of a result.
    ///
    /// - Throws: ``FileError``.
    func read<Contents: Sendable>(_ file: ResultFile<Contents>, of node: ReportNode) throws -> Contents {
        try read(file, in: node.directory)
    }

    /// A file of a result; nil if the result is older than the file, or its stage had nothing to write there.
    func readIfPresent<Contents: Sendable>(_ file: ResultFile<Contents>, of node: ReportNode) throws -> Contents? {
        file.exists(in: node.directory) ? try read(file, of: node) : nil
    }

    /// A file in a folder.
    func read<Contents: Sendable>(_ file: ResultFile<Contents>, in folder: URL) throws -> Contents {
        try once(file.url(in: folder)) { try file.read(in: folder) }
    }

    /// The measures, with their queries.
    func evaluation(in folder: URL) throws -> EvaluationView {
        EvaluationView(
            result: try read(EvaluateFiles.evaluation, in: folder), queries: try read(EvaluateFiles.queries, in: folder)
        )
    }

    /// The ranking of a result by query_id: `neighbors.csv` of search or expand.
    func answers(_ file: ResultFile<Rankings>, in folder: URL) throws -> [String: [Rankings.Answer]] {
        try once(file.url(in: folder).appending(path: "by-query")) {
            Dictionary(try file.read(in: folder).queries.map { ($0.id, $0.answers) }) { first, _ in first }
        }
    }

    /// The ranks of each query's right photographs in a ranking of search or expand, by query_id; empty if the result
    /// is older than the file.
    func rightRanks(_ node: ReportNode) throws -> [String: [RightRanks.Row]] {
        try readIfPresent(node.stage == .expand ? ExpandFiles.ranks : SearchFiles.ranks, of: node)?.byQuery ?? [:]
    }

    /// The epochs of a training; empty if a model was imported without them.
    func epochs(_ node: ReportNode) throws -> [History.Epoch] {
        try readIfPresent(TrainFiles.history, of: node)?.epochs ?? []
    }

    /// The photographs.
    func catalog() throws -> Catalog { try catalogResult.get() }

    /// The leaks of a split; without the measures of the photographs, no near-duplicates.
    func audit(_ split: ReportNode, measures: ReportNode?) throws -> SplitAudit {
        let hashes = try measures.map { try read(MeasureFiles.measures, of: $0).perceptualHashes } ?? [:]
        return SplitAudit(
            try catalog(), split: try read(SplitFiles.split, of: split),
            scenarios: try read(SplitFiles.scenarios, of: split).scenarios,
            fingerprints: .joined(digests: inputs.place.photographDigests, hashes: hashes))
    }

    /// What people decided about pairs of photographs; nil if there is no file of decisions.
    func decisions() -> ReportDecisions? {
        usedDecisions = inputs.decisions
        return usedDecisions
    }

    /// The two runs side by side; nil if there is no earlier run.
    func comparison() throws -> ReportComparison? {
        usedComparison = try comparisonResult.get()
        return usedComparison
    }

    /// The same with the files of both; nil if there is no earlier run.
    func comparedRuns() throws -> ComparedRuns? { try comparedRunsResult.get() }

    /// The measures of both; nil if there is no earlier run.
    func comparedMeasures() throws -> ComparedMeasures? { try comparedMeasuresResult.get() }

    /// A variant, as the old run, side by side with the main line's present run; nil if its results no longer exist.
    func comparison(ofVariant variant: RunEntry, with present: RunEntry) throws -> ReportComparison? {
        if let known = usedVariants.first(where: { $0.result.old.number == variant.number }) { return known }
        let found = try inputs.ledger?.variant(variant, present)
        if let found { usedVariants.append(found) }
        return found
    }

    private func once<Value: Sendable>(_ key: URL, _ read: () throws -> Value) throws -> Value {
        if let value = try known[key]?.get() as? Value { return value }
        let result = Result { try read() }
        known[key] = result.map { $0 }
        return try result.get()
    }
}

/// The nodes whose results may be read.
struct Nodes {
    private let all: [ReportNode]

    init(_ all: [ReportNode]) { self.all = all }

    /// The stages with at least one result.
    var presentStages: [StageName] { StageName.allCases.filter { stage in all.contains { $0.stage == stage } } }

    /// All nodes of a stage that match a selection.
    ///
    /// - Throws: ``ValueError`` if there is none; it names the command that makes one.
    func nodes(_ stage: StageName, _ selection: ValuePath.Selection = .init()) throws(ValueError) -> [ReportNode] {
        let ofStage = all.filter { $0.stage == stage }
        guard !ofStage.isEmpty else {
            throw ValueError(
                "there is no result of \(quoted: stage.rawValue)",
                "Run 'whalebook run \(stage.rawValue)', then render again."
            )
        }
        let chosen = ofStage.filter(selection.matches)
        guard !chosen.isEmpty else {
            throw ValueError(
                "no result of \(quoted: stage.rawValue) matches \(selection.text)",
                "There are: \(ofStage.map(\.name).listed(by: "; ")).")
        }
        return chosen
    }

    /// How to select one node among several.
    static func remedy(_ nodes: [ReportNode]) -> String {
        let choices = nodes.prefix(6).map { node -> String in
            let whole = ValuePath.Selection(member: node.member, seed: node.seed, fold: node.fold)
            return node.stage.rawValue + whole.distinguishing(among: nodes)
        }
        return "Choose one: \(choices.listed())."
    }
}

extension ValuePath.Selection {
    /// The selection's text with only the parts in which the nodes differ.
    fileprivate func distinguishing(among nodes: [ReportNode]) -> String {
        Self(
            member: Set(nodes.map(\.member)).count > 1 ? member : nil,
            seed: Set(nodes.map(\.seed)).count > 1 ? seed : nil,
            fold: Set(nodes.map(\.fold)).count > 1 ? fold : nil
        ).text
    }
}

extension RunEntry {
    /// Whether the run's queries differ from its parent's, so that their scores do not compare.
    var asksOtherwise: Bool { changes.contains { $0.lies(within: ["data", "scenarios", "split", "search.k"]) } }

    /// The digests of its splits, and so of the photographs that were split.
    var splits: [String] { nodes.filter { $0.stage == .split }.map(\.outputDigest) }
}

extension RunEntry.Change {
    private static let longest = 40

    /// The option with both values, as documents show them; paths are shortened before long values are cut.
    func text(_ paths: RelativePaths) -> String {
        let values = [old, new].map { value in
            let text = paths.shortened(Self.words(value))
            return text.count > Self.longest ? text.prefix(Self.longest - 1) + "…" : text
        }
        return "\(name) \(values[0]) → \(values[1])"
    }

    /// Whether the option is one of the given options, or below one.
    func lies(within options: [String]) -> Bool {
        options.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
}
