import Basics
import Results

struct MachineSpecs: CellKind {
    static let name = "machine-specs"
    static let summary = """
        The computer that did the work, the memory of training, and the time of preparation, training, inference and \
        evaluation, in all and, but for training, per photograph; folded, the time of each stage.
        """
    static let stages = StageName.allCases

    func content(_ context: CellContext) throws -> CellContent {
        let inputs = context.artefacts.inputs
        let nodes = inputs.nodes.filter { context.reads($0.stage) }
        guard !nodes.isEmpty else {
            throw ValueError("no stage has a result yet", "Run 'whalebook run', then render again.")
        }
        let photographs = try context.artefacts.catalog().photographs.count
        return CellContent(parts: [
            .table(Self.table(of: inputs.workingMachine, nodes)),
            .table(Self.works(of: nodes, photographs: photographs)),
            .folded(summary: "The time of each stage", Self.times(of: nodes)),
        ])
    }

    /// The kinds of work, in the order of a run.
    private static let works: [(title: String, stages: [StageName])] = [
        ("preparation: split, measures", [.split, .measure]), ("training", [.train]),
        (
            "inference: keypoints, embeddings, matches, rankings",
            [.keypoints, .embed, .bridge, .search, .match, .fuse, .expand]
        ),
        ("evaluation and figures", [.background, .evaluate, .sweep, .explain, .reduce]),
    ]

    private static func works(of nodes: [ReportNode], photographs: Int) -> Table {
        // A training visits some of the photographs many times.
        func cells(_ title: Table.Cell, _ seconds: [Double], isShared: Bool) -> [Table.Cell] {
            let total = seconds.reduce(0, +)
            let each = isShared && photographs > 0 ? Self.short(total / Double(photographs)) : "–"
            return [title, .text(NumberText.duration(seconds: total)), .text(each)]
        }
        let rows = works.compactMap { work -> [Table.Cell]? in
            let own = nodes.filter { work.stages.contains($0.stage) }.compactMap(\.seconds)
            return own.isEmpty ? nil : cells(.text(work.title), own, isShared: work.stages != [.train])
        }
        return Table(
            columns: [
                .init("Work"), .init("Time", .right),
                .init("Per photograph, of \(NumberText.thousands(Double(photographs)))", .right),
            ], rows: rows + [cells(.strong("all"), nodes.compactMap(\.seconds), isShared: false)])
    }

    /// A time with three digits and a space before its unit: `375 ms`, `1.95 s`.
    private static func short(_ seconds: Double) -> String {
        let text = NumberText.si(seconds)
        return text + (text.last?.isNumber == true ? "\u{A0}s" : "s")
    }

    private static func table(of machine: JSONValue, _ nodes: [ReportNode]) -> Table {
        var members = machine.object ?? [:]
        if machine["device"]?.string == "cpu", machine["gpu"]?.string == nil { members["gpu"] = "none" }
        if let bytes = nodes.compactMap(\.memoryBytes).max() { members["training_bytes"] = .number(bytes) }
        return Table(
            columns: [.init("Machine"), .init("")],
            rows: MachineFact.facts(of: .object(members)).map { [.text($0.title), .text($0.text)] })
    }

    private static func times(of nodes: [ReportNode]) -> Table {
        // A column that says the same everywhere is in the table of the machine.
        let columns = [("Device", "device"), ("Processor", "processor")].filter { _, key in
            Set(nodes.compactMap { $0.machine?[key]?.string }).count > 1
        }
        var rows = nodes.map { node -> [Table.Cell] in
            [.text(node.name), .text(node.seconds.map(NumberText.duration(seconds:)) ?? "–")]
                + columns.map { .text(node.machine?[$0.1]?.string ?? "–") }
        }
        let seconds = nodes.compactMap(\.seconds)
        if nodes.count > 1 {
            rows.append(
                [.strong("all"), .text(NumberText.duration(seconds: seconds.reduce(0, +)))] + columns.map { _ in "" })
        }
        return Table(
            columns: [.init("Stage"), .init("Time", .right)] + columns.map { .init($0.0) }, rows: rows)
    }
}

/// A fact about a computer.
struct MachineFact: Equatable {
    let title: String
    let text: String

    /// The names that stages use, in the order shown.
    private static let known = [
        ("processor", "Processor"), ("cores", "Cores"), ("gpu", "Graphics processor"), ("memory_bytes", "Memory"),
        ("training_bytes", "Memory used by training"), ("system", "System"), ("device", "Device"),
        ("threads", "Threads used"), ("cpu_capability", "Instruction set used"), ("libtorch", "libtorch"),
    ]

    /// The number of threads in brackets, for the head of a column of times, if it is the same everywhere; else empty.
    static func threads(of machines: [JSONValue?]) -> String {
        let counts = Set(machines.map { $0?["threads"]?.integer })
        guard counts.count == 1, let count = counts.first ?? nil else { return "" }
        return " (\(NumberText.counted(count, "thread", "threads")))"
    }

    /// All known facts about a computer; other names come last.
    static func facts(of machine: JSONValue) -> [MachineFact] {
        let members = machine.object ?? [:]
        let others = members.keys.filter { key in !known.contains { $0.0 == key } }.sorted()
            .map { ($0, $0.replacing("_", with: " ").capitalisingFirst) }
        return (known + others).compactMap { key, title in
            guard let value = members[key], value != .null else { return nil }
            let text = key.hasSuffix("_bytes") ? value.double.map(NumberText.bytes) : try? Formatter.plain(value)
            return MachineFact(title: title, text: text ?? value.canonicalText)
        }
    }
}
