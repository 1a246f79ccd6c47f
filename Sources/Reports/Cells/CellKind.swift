import Basics
import Results

/// A kind of cell.
protocol CellKind: Sendable {
    /// The name in the braces.
    var name: String { get }
    /// The stages that a cell reads if it has no `from`.
    var stages: [StageName] { get }
    /// The names of its parameters.
    var parameters: [String] { get }

    /// Makes the cell's output.
    ///
    /// - Throws: An error whose message becomes a box in the document.
    func content(_ context: CellContext) throws -> CellContent
}

extension CellKind {
    var parameters: [String] { [] }
}

/// All kinds.
enum CellKinds {
    static let all: [any CellKind] = [
        ScenarioTable(), ScenarioChart(), MetricsTable(), SplitTable(), AuditTable(), WhaleTable(), WhaleChart(),
        ModelTable(), MachineSpecs(), CodeCell(), TeamCell(), ProvenanceCell(), MapCurve(), TrainingCurve(),
        QueryExtensionCurve(), DatabaseSizeCurve(), RetrievalGridCell(), HeatMapCell(), WhaleGrid(), CompareGrid(),
        CompareTable(), RunsTableCell(), AblationTable(), WorkflowGraphCell(), FailureCauses(), CauseChart(),
        LookAlikesCell(), HubsCell(), IdentitySuspects(), ReliabilityCurve(), SimilarityHistogramCell(), AdapterTable(),
        EmbeddingMapCell(),
    ]

    /// The kind with that name.
    ///
    /// - Throws: ``ValueError`` that suggests the nearest name.
    static func kind(_ name: String) throws(ValueError) -> any CellKind {
        if let kind = all.first(where: { $0.name == name }) { return kind }
        throw ValueError(
            "there is no kind \(quoted: name)", ProblemCollector.remedy(for: name, known: all.map(\.name).sorted()))
    }
}
