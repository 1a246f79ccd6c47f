import Basics

/// `training-curve`: loss and validation mAP after each epoch, a line for each trained member.
struct TrainingCurve: Verb {
    let name = "training-curve"
    let stages = ["train"]

    func content(_ context: CellContext) throws -> CellContent {
        let nodes = try context.nodes("train")
        let histories = try nodes.map { node in
            (
                name: nodes.count == 1 ? node.member ?? "training" : node.name.replacing("train ", with: ""),
                rows: try context.artefacts.history(node)
            )
        }
        let losses = Curves(
            horizontal: "Epoch", vertical: "Training loss",
            curves: histories.map { .init(name: $0.name, values: $0.rows.map(\.trainLoss)) })
        let validated = histories.filter { $0.rows.contains { $0.validationMAP != nil } }
        let scores = Curves(
            horizontal: "Epoch", vertical: "Validation mAP@20",
            curves: validated.map { .init(name: $0.name, values: $0.rows.map { $0.validationMAP ?? .nan }) },
            range: 0...1)
        guard losses.count > 0 else {
            throw ValueError("history.csv holds no epoch", "Run 'whalebook run train' again.")
        }
        let step = (losses.count + 9) / 10
        let places = stride(from: 1, to: losses.count, by: step) + [losses.count]
        let charts = [losses] + (validated.isEmpty ? [] : [scores])
        return CellContent(
            parts: charts.map { .figure($0.figure(for: context.cell, places: places)) },
            values: ["epochs": .number(Double(losses.count)), "shown": .number(Double(nodes.count))])
    }
}
