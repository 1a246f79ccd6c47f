import Basics
import Results

/// `machine-specs`: the computer that did the work, and how long each stage took.
struct MachineSpecs: Verb {
    let name = "machine-specs"
    let stages = StageName.allCases

    func content(_ context: CellContext) throws -> CellContent {
        let inputs = context.artefacts.inputs
        let nodes = inputs.nodes.filter { context.reads($0.stage) }
        guard !nodes.isEmpty else {
            throw ValueError("no stage has a result yet", "Run 'whalebook run', then render again.")
        }
        return CellContent(parts: [
            .table(Self.table(of: inputs.workingMachine)), .table(Self.times(of: nodes)),
        ])
    }

    private static func table(of machine: JSONValue) -> Table {
        Table(
            columns: [.init("Machine"), .init("")],
            rows: MachineFact.facts(of: machine).map { [.text($0.title), .text($0.text)] })
    }

    private static func times(of nodes: [ReportNode]) -> Table {
        var rows = nodes.map { node -> [Table.Cell] in
            [
                .text(node.name), .text(node.seconds.map(NumberText.duration(seconds:)) ?? "–"),
                .text(node.machine?["device"]?.string ?? "–"), .text(node.machine?["processor"]?.string ?? "–"),
            ]
        }
        let seconds = nodes.compactMap(\.seconds)
        if nodes.count > 1 {
            rows.append([.strong("all"), .text(NumberText.duration(seconds: seconds.reduce(0, +))), "", ""])
        }
        return Table(
            columns: [.init("Stage"), .init("Time", .right), .init("Device"), .init("Processor")], rows: rows)
    }
}
