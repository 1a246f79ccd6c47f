import Basics
import Figures
import Results

struct WorkflowGraphCell: CellKind {
    static let name = "workflow-graph"
    static let summary = "Every node of the workflow with its state, and what it feeds."
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        let nodes = context.artefacts.inputs.graph
        guard !nodes.isEmpty else {
            throw ValueError("the workflow has no node", "Render with 'whalebook render', which knows the workflow.")
        }
        let graph = WorkflowGraph(nodes: try nodes.map { try $0.drawn(among: nodes) })
        let unsettled = nodes.count { $0.state != WorkflowState.fresh.rawValue }
        return CellContent(
            parts: [
                .figure(FigurePart(figure: graph, format: .svg, table: Self.table(of: nodes)))
            ],
            values: [
                "shown": .number(Double(nodes.count)), "nodes": .number(Double(nodes.count)),
                "stages": .number(Double(Set(nodes.map(\.stage)).count)), "unsettled": .number(Double(unsettled)),
            ],
            notes: ["The picture leaves out arrows that others imply; the table lists everything that a node reads."])
    }

    private static func table(of nodes: [ReportGraphNode]) -> Table {
        let rows = nodes.map { node -> [Table.Cell] in
            [
                .text(node.name), .text(node.state), .text(node.seconds.map(NumberText.duration(seconds:)) ?? "–"),
                node.upstream.isEmpty ? "the photographs" : .list(node.upstream.map { .text($0) }),
            ]
        }
        return Table(columns: [.init("Node"), .init("State"), .init("Time", .right), .init("Reads")], rows: rows)
    }
}

extension ReportGraphNode {
    /// The node as drawn, its name without the part that all share.
    fileprivate func drawn(among nodes: [ReportGraphNode]) throws(ValueError) -> WorkflowGraph.Node {
        guard let state = WorkflowState(rawValue: state) else {
            throw ValueError(
                "\(quoted: name) has the state \(quoted: state)",
                "Known: \(WorkflowState.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        var title =
            name.hasPrefix(stage.rawValue) ? name.dropFirst(stage.rawValue.count).trimming(while: \.isWhitespace) : name
        let fold = #/ fold [0-9]+$/#
        if Set(nodes.compactMap { $0.name.firstMatch(of: fold)?.output }).count == 1 {
            title = title.replacing(fold, with: "")
        }
        return WorkflowGraph.Node(
            name: name, stage: stage.rawValue, title: title.isEmpty ? stage.rawValue : title, state: state,
            seconds: seconds,
            upstream: upstream)
    }
}
