import Basics
import Results

/// What a cell can ask for.
protocol Verb: Sendable {
    /// The name in the braces.
    var name: String { get }
    /// The stages that are read where the cell does not say `from`.
    var stages: [StageName] { get }
    /// The names of its parameters.
    var parameters: [String] { get }

    /// Makes the cell's output.
    ///
    /// - Throws: Whatever a reader needs to know; the message becomes a box in the document.
    func content(_ context: CellContext) throws -> CellContent
}

extension Verb {
    var parameters: [String] { [] }
}

/// Every verb.
enum Verbs {
    static let all: [any Verb] = [
        ScenarioTable(), ScenarioChart(), MetricsTable(), SplitTable(), AuditTable(), WhaleTable(), WhaleChart(),
        ModelTable(), MachineSpecs(), CodeVerb(), TeamVerb(), ProvenanceVerb(), MapCurve(), TrainingCurve(),
        QueryExtensionCurve(), DatabaseSizeCurve(), RetrievalGridVerb(), HeatMapVerb(), WhaleGrid(), CompareGrid(),
        CompareTable(), RunsTableVerb(), AblationTable(), WorkflowGraphVerb(), FailureCauses(), CauseChart(),
        LookAlikesVerb(), HubsVerb(), IdentitySuspects(), ReliabilityCurve(), SimilarityHistogramVerb(), BridgeTable(),
        EmbeddingMapVerb(),
    ]

    /// The verb of that name.
    ///
    /// - Throws: ``ValueError`` that names the nearest.
    static func verb(_ name: String) throws(ValueError) -> any Verb {
        if let verb = all.first(where: { $0.name == name }) { return verb }
        throw ValueError(
            "there is no verb \(quoted: name)", ProblemCollector.remedy(for: name, known: all.map(\.name).sorted()))
    }
}
