import Basics

/// `training-curve`: loss and validation mAP after each epoch, a line for each trained member.
struct TrainingCurve: Verb {
    let name = "training-curve"
    let stages = ["train"]

    /// What there is to say where embeddings were imported.
    static let imported = "The embeddings were made elsewhere, so there is no training to show."

    func content(_ context: CellContext) throws -> CellContent {
        if context.isReplaced("train") { return CellContent(notes: [Self.imported]) }
        let nodes = try context.nodes("train")
        let histories = try nodes.map { node in
            (
                name: nodes.count == 1 ? node.member ?? "training" : node.name.replacing("train ", with: ""),
                rows: try context.artefacts.history(node)
            )
        }.filter { !$0.rows.isEmpty }
        guard !histories.isEmpty else {
            return CellContent(notes: ["No epoch is on record: the model came from elsewhere without its history."])
        }
        let losses = Curves(
            horizontal: "Epoch", vertical: "Training loss",
            curves: histories.map { .init(name: $0.name, values: $0.rows.map(\.trainLoss)) })
        let validated = histories.filter { $0.rows.contains { $0.validationMAP != nil } }
        let scores = Curves(
            horizontal: "Epoch", vertical: "Validation mAP@20",
            curves: validated.map { .init(name: $0.name, values: $0.rows.map { $0.validationMAP ?? .nan }) },
            range: 0...1)
        let step = (losses.count + 9) / 10
        let places = stride(from: 1, to: losses.count, by: step) + [losses.count]
        let charts = [losses] + (validated.isEmpty ? [] : [scores])
        return CellContent(
            parts: charts.map { .figure($0.figure(for: context.cell, places: places)) },
            values: ["epochs": .number(Double(losses.count)), "shown": .number(Double(histories.count))])
    }
}
