import Basics
import Results

/// What a cell can ask for.
protocol CellKind: Sendable {
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

extension CellKind {
    var parameters: [String] { [] }
}

/// Every kind.
enum CellKinds {
    static let all: [any CellKind] = [
        ScenarioTable(), ScenarioChart(), MetricsTable(), SplitTable(), AuditTable(), WhaleTable(), WhaleChart(),
        ModelTable(), MachineSpecs(), CodeCell(), TeamCell(), ProvenanceCell(), MapCurve(), TrainingCurve(),
        QueryExtensionCurve(), DatabaseSizeCurve(), RetrievalGridCell(), HeatMapCell(), WhaleGrid(), CompareGrid(),
        CompareTable(), RunsTableCell(), AblationTable(), WorkflowGraphCell(), FailureCauses(), CauseChart(),
        LookAlikesCell(), HubsCell(), IdentitySuspects(), ReliabilityCurve(), SimilarityHistogramCell(), AdapterTable(),
        EmbeddingMapCell(),
    ]

    /// The kind of that name.
    ///
    /// - Throws: ``ValueError`` that names the nearest.
    static func kind(_ name: String) throws(ValueError) -> any CellKind {
        if let kind = all.first(where: { $0.name == name }) { return kind }
        throw ValueError(
            "there is no kind \(quoted: name)", ProblemCollector.remedy(for: name, known: all.map(\.name).sorted()))
    }
}
