import Basics

/// `model-table`: the networks of the ensemble and how their training went.
struct ModelTable: Verb {
    let name = "model-table"
    let stages = ["train"]

    func content(_ context: CellContext) throws -> CellContent {
        let settings = context.artefacts.inputs.configuration[path: "train.members"]?.array ?? []
        if context.artefacts.isLeftOut("train") { return CellContent(notes: [TrainingCurve.absence(context)]) }
        let nodes = try context.nodes("train")
        // What is the same for all needs no column; a page is only so wide.
        let showsSeed = Set(nodes.map(\.seed)).count > 1, showsWeight = settings.count > 1
        let showsDepth = settings.contains { ($0["stochastic-depth"]?.double ?? 0) > 0 }
        let rows = try nodes.map { node -> [Table.Cell] in
            let model = try context.artefacts.model(node)
            let history = try context.artefacts.history(node)
            let own = settings.first { $0["name"]?.string == node.member } ?? .null
            func number(_ value: Double?, _ write: (Double) -> String) -> Table.Cell { .text(value.map(write) ?? "–") }
            let best = history.best
            let side = model["image_size"]?.integer.map { "\($0) px" }
            var cells: [Table.Cell] = [.text(node.member ?? node.name)]
            if showsSeed { cells.append(.text(node.seed.map(String.init) ?? "–")) }
            if showsWeight { cells.append(number(own["weight"]?.double, NumberText.shortest)) }
            cells.append(.text([model["backbone"]?.string, side].compactMap(\.self).joined(separator: ", ")))
            cells.append(number(model["parameters"]?.double) { NumberText.fixed($0 / 1e6, 1) + " M" })
            if showsDepth { cells.append(number(own["stochastic-depth"]?.double, NumberText.shortest)) }
            cells.append(.text(Self.start(own["weights"]) ?? "–"))
            cells.append(.text(best.map { "\($0.epoch) of \(history.count)" } ?? "–"))
            cells.append(number(best?.validationMAP) { NumberText.fixed($0, 3) })
            cells.append(number(node.seconds, NumberText.duration(seconds:)))
            return cells
        }
        let columns: [Table.Column] =
            [.init("Member")] + (showsSeed ? [.init("Seed", .right)] : [])
            + (showsWeight ? [.init("Weight", .right)] : [])
            + [.init("Backbone"), .init("Parameters", .right)]
            + (showsDepth ? [.init("Stochastic depth", .right)] : [])
            + [
                .init("Starts from"), .init("Best epoch", .right), .init("Its mAP", .right), .init("Time", .right),
            ]
        return CellContent(parts: [.table(Table(columns: columns, rows: rows))])
    }

    /// The file that a backbone starts from, or those of a hybrid's parts.
    private static func start(_ weights: JSONValue?) -> String? {
        let parts = weights?.object?.sorted { $0.key < $1.key }.compactMap(\.value.string)
        guard let paths = weights?.string.map({ [$0] }) ?? parts else { return nil }
        let files = paths.filter { $0 != "none" }.map(file)
        return files.isEmpty ? "nothing" : files.joined(separator: ", ")
    }

    private static func file(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}

extension [HistoryRow] {
    /// The epoch with the best validation, the earlier of two alike; the last where nothing validated.
    var best: HistoryRow? {
        filter { $0.validationMAP != nil }
            .max { ($0.validationMAP ?? 0, -$0.epoch) < ($1.validationMAP ?? 0, -$1.epoch) } ?? last
    }
}
