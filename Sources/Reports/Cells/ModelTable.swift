import Algorithms
import Basics
import Configuration
import Results

struct ModelTable: CellKind {
    static let name = "model-table"
    static let summary = "The networks of the ensemble, and how their training went."
    static let stages: [StageName] = [.train]

    func content(_ context: CellContext) throws -> CellContent {
        if context.artefacts.isLeftOut(.train) { return CellContent(notes: [TrainingCurve.absence(context)]) }
        let members = context.artefacts.inputs.train?.members ?? []
        let nodes = try context.nodes(.train)
        // A page is narrow, so a column with one value for all is left out.
        let showsSeed = Set(nodes.map(\.seed)).count > 1, showsWeight = members.count > 1
        let showsDepth = members.contains { $0.stochasticDepth > 0 }
        let models = try nodes.map { try context.artefacts.read(TrainFiles.description, of: $0) }
        let showsLicence = models.contains { $0.licence != nil }
        let rows = try zip(nodes, models).map { node, model -> [Table.Cell] in
            let history = try context.artefacts.readIfPresent(TrainFiles.history, of: node)
            let member = members.first { $0.name == node.member }
            func number(_ value: Double?, _ write: (Double) -> String) -> Table.Cell { .text(value.map(write) ?? "–") }
            let best = history?.best
            var cells: [Table.Cell] = [.text(node.member ?? node.name)]
            if showsSeed { cells.append(.text(node.seed.map(String.init) ?? "–")) }
            if showsWeight { cells.append(number(member?.weight, NumberText.shortest)) }
            cells.append(.text("\(model.backbone), \(model.imageSize) px"))
            cells.append(.text(NumberText.fixed(Double(model.parameters) / 1e6, 1) + " M"))
            if showsDepth { cells.append(number(member?.stochasticDepth, NumberText.shortest)) }
            cells.append(.text(member.map { Self.start($0.weights) } ?? "–"))
            if showsLicence { cells.append(.text(model.licence.map(Licence.name) ?? "–")) }
            cells.append(.text(best.map { "\($0.number) of \(history?.epochs.count ?? 0)" } ?? "–"))
            cells.append(number(best?.validationMAP) { NumberText.fixed($0, 3) })
            cells.append(number(node.seconds, NumberText.duration(seconds:)))
            return cells
        }
        let threads = MachineFact.threads(of: nodes.map(\.machine))
        var columns: [Table.Column] = [.init("Member")]
        if showsSeed { columns.append(.init("Seed", .right)) }
        if showsWeight { columns.append(.init("Weight", .right)) }
        columns += [.init("Backbone"), .init("Parameters", .right)]
        if showsDepth { columns.append(.init("Stochastic depth", .right)) }
        columns.append(.init("Starts from"))
        if showsLicence { columns.append(.init("Licence")) }
        columns += [.init("Best epoch", .right), .init("Validation mAP", .right)]
        columns.append(.init("Training time\(threads)", .right))
        let frozen = zip(nodes, models).filter { $1.configuration.train["freeze"]?.string == "backbone" }
            .compactMap(\.0.member).uniqued().map(\.self)
        var content = CellContent(parts: [.table(Table(columns: columns, rows: rows))])
        if !frozen.isEmpty {
            content.notes.append(
                "The backbone of \(frozen.listed()) was frozen: only the layers after it trained, on features "
                    + "that were computed once, so photographs were at most mirrored and not augmented otherwise.")
        }
        return content
    }

    /// The file that a backbone starts from, or the files of a hybrid's parts.
    private static func start(_ weights: MemberWeights) -> String {
        let files = weights.references.map(\.text).filter { $0 != MemberWeights.unnamed }
            .map { String($0.split(separator: "/").last ?? "") }
        return files.isEmpty ? "random weights" : files.joined(separator: ", ")
    }
}
