import Basics

/// `training-curve`: loss and validation mAP after each epoch, a line for each member, over its seeds and folds.
struct TrainingCurve: Verb {
    let name = "training-curve"
    let stages = ["train"]

    /// What there is to say where embeddings were imported.
    static let imported = "The embeddings were made elsewhere, so there is no training to show."

    func content(_ context: CellContext) throws -> CellContent {
        if context.artefacts.isReplaced("train") { return CellContent(notes: [Self.imported]) }
        let nodes = try context.nodes("train")
        let trainings = try nodes.map { (member: $0.member ?? "training", rows: try context.artefacts.history($0)) }
            .filter { !$0.rows.isEmpty }
        guard !trainings.isEmpty else {
            return CellContent(notes: ["No epoch is on record: the model came from elsewhere without its history."])
        }
        let members = Dictionary(grouping: trainings) { $0.member }.sorted { $0.key < $1.key }
        func curves(_ value: (HistoryRow) -> Double?) -> [Curves.Curve] {
            members.compactMap { name, own in Self.curve(name, own.map { $0.rows.map(value) }) }
        }
        let losses = Curves(horizontal: "Epoch", vertical: "Training loss", curves: curves(\.trainLoss))
        let scores = Curves(
            horizontal: "Epoch", vertical: "Validation mAP@20", curves: curves(\.validationMAP), range: 0...1)
        let step = (losses.count + 9) / 10
        let places = stride(from: 1, to: losses.count, by: step) + [losses.count]
        let charts = [losses] + (scores.curves.isEmpty ? [] : [scores])
        var content = CellContent(
            parts: charts.map { .figure($0.figure(for: context.cell, places: places)) },
            values: ["epochs": .number(Double(losses.count)), "shown": .number(Double(trainings.count))])
        if trainings.count > members.count {
            content.notes.append(
                """
                A line is the mean of a member's trainings over seeds and folds, its band reaches from the least of \
                them to the greatest.
                """)
        }
        return content
    }

    /// The mean of several trainings after each epoch, with a band from the least to the greatest; nil without a value.
    private static func curve(_ name: String, _ trainings: [[Double?]]) -> Curves.Curve? {
        let epochs = trainings.map(\.count).max() ?? 0
        let values = (0..<epochs).map { epoch in
            trainings.compactMap { $0.indices.contains(epoch) ? $0[epoch] : nil }
        }
        guard values.contains(where: { !$0.isEmpty }) else { return nil }
        return Curves.Curve(
            name: trainings.count == 1 ? name : "\(name), mean of \(trainings.count)",
            values: values.map { $0.isEmpty ? .nan : $0.reduce(0, +) / Double($0.count) },
            band: trainings.count == 1
                ? [] : values.map { values in values.min().flatMap { least in values.max().map { least...$0 } } })
    }
}
