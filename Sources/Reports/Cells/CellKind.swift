import Basics
import Options
import Results

/// A kind of cell. Its options are its parameters, and a value has those of one cell.
protocol CellKind: OptionGroup {
    /// The name in the braces.
    static var name: String { get }
    /// What it shows, in a sentence of Markdown.
    static var summary: String { get }
    /// The stages that a cell reads if it has no `from`.
    static var stages: [StageName] { get }

    /// What references call the cell if it has nothing but remarks; nil if the remarks have its number.
    static var remarks: String? { get }

    /// Makes the cell's output.
    ///
    /// - Throws: An error whose message becomes a box in the document.
    func content(_ context: CellContext) throws -> CellContent
}

extension CellKind {
    static var remarks: String? { nil }

    /// Reads the parameters of a cell, with inline values already replaced.
    ///
    /// - Throws: ``ValueError`` for a parameter that the kind does not take, or does not take with this value, and for
    ///   one that is missing.
    init(_ parameters: [Cell.Parameter], of cell: Cell) throws {
        let declared = Self().declarations
        var values: [String: JSONValue] = [:]
        for parameter in parameters {
            let line = parameter.line ?? cell.line
            guard let option = declared.first(where: { $0.name == parameter.name }) else {
                throw ValueError(
                    "line \(line): \(quoted: Self.name) takes no \(quoted: parameter.name)",
                    declared.isEmpty
                        ? "It has no parameters."
                        : ProblemCollector.remedy(for: parameter.name, known: declared.map(\.name)))
            }
            do throws(ValueError) {
                values[option.name] = try option.checked(parameter.value, texts: parameter.texts)
            } catch {
                throw ValueError("line \(line): \(error.problem)", error.remedy)
            }
        }
        if let missing = declared.first(where: { $0.defaultValue == nil && values[$0.name] == nil }) {
            throw ValueError("the cell has no \(quoted: missing.name)", "Add it. \(missing.meaning)")
        }
        try self.init(sectionJSON: .object(values), at: .root)
    }
}

/// All kinds.
enum CellKinds {
    static let all: [any CellKind.Type] = [
        ActionList.self, MissTable.self, ScenarioTable.self, ScenarioChart.self, PartsChart.self, MetricsTable.self,
        SplitTable.self,
        AuditTable.self, WhaleTable.self,
        WhaleChart.self, ModelTable.self, MachineSpecs.self, CodeCell.self, TeamCell.self, ProvenanceCell.self,
        MapCurve.self, TrainingCurve.self, QueryExtensionCurve.self, DatabaseSizeCurve.self, RetrievalGridCell.self,
        HeatMapCell.self, MatchGridCell.self, WhaleGrid.self, CompareGrid.self, CompareTable.self,
        CompareVerdict.self, CompareQueries.self, CompareChart.self, CompareCurves.self, RunsTableCell.self,
        AblationTable.self, FusionTable.self, WorkflowGraphCell.self, FailureCauses.self,
        CauseChart.self, LookAlikesCell.self, HubsCell.self, IdentitySuspects.self, ReliabilityCurve.self,
        SimilarityHistogramCell.self, AdapterTable.self, BackgroundTable.self,
        LateralityTable.self, EmbeddingMapCell.self, ExampleQueries.self,
    ]

    /// The kind with that name.
    ///
    /// - Throws: ``ValueError`` that suggests the nearest name.
    static func kind(_ name: String) throws(ValueError) -> any CellKind.Type {
        if let kind = all.first(where: { $0.name == name }) { return kind }
        throw ValueError(
            "there is no kind \(quoted: name)", ProblemCollector.remedy(for: name, known: all.map { $0.name }.sorted()))
    }
}
