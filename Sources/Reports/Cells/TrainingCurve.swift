import Basics
import Results

/// `training-curve`: loss and validation mAP after each epoch, a line for each member, over its seeds and folds.
struct TrainingCurve: Verb {
    let name = "training-curve"
    let stages: [StageName] = [.train]

    /// Why there is no training to show.
    static func absence(_ context: CellContext) -> String {
        guard let train = context.artefacts.inputs.train, !train.members.contains(where: train.trains) else {
            return "The embeddings were made elsewhere, so there is no training to show."
        }
        return "Nothing was trained: the embeddings are the pooled features of "
            + train.members.map(\.backbone).joined(separator: ", ") + "."
    }

    func content(_ context: CellContext) throws -> CellContent {
        if context.artefacts.isLeftOut(.train) { return CellContent(notes: [Self.absence(context)]) }
        let nodes = try context.nodes(.train)
        let trainings = try nodes.map { (member: $0.member ?? "training", epochs: try context.artefacts.epochs($0)) }
            .filter { !$0.epochs.isEmpty }
        guard !trainings.isEmpty else {
            return CellContent(notes: ["No epoch is on record: the model came from elsewhere without its history."])
        }
        let members = Dictionary(grouping: trainings) { $0.member }.sorted { $0.key < $1.key }
        func curves(_ value: (History.Epoch) -> Double?) -> [Curves.Curve] {
            members.compactMap { name, own in Self.curve(name, own.map { $0.epochs.map(value) }) }
        }
        let losses = Curves(horizontal: "Epoch", vertical: "Training loss", curves: curves(\.trainLoss))
        let scores = Curves(
            horizontal: "Epoch", vertical: "Validation mAP@20", curves: curves(\.validationMAP), range: 0...1)
        let charts = [losses, scores].filter { !$0.curves.isEmpty }
        var content = CellContent(
            parts: charts.map { .figure($0.figure(for: context.cell, places: Self.places($0))) },
            values: ["epochs": .number(Double(losses.count)), "shown": .number(Double(trainings.count))])
        if trainings.count > members.count {
            content.notes.append(
                """
                A line is the mean of a member's trainings over seeds and folds, as far as all of them go, and its band \
                reaches from the least of them to the greatest.
                """)
        }
        return content
    }

    /// Some of the epochs that have a value, evenly, with the first and the last of them.
    private static func places(_ curves: Curves) -> [Int] {
        let measured = (1...max(curves.count, 1)).filter { epoch in
            curves.curves.contains { $0.values.indices.contains(epoch - 1) && $0.values[epoch - 1].isFinite }
        }
        let step = (measured.count + 9) / 10
        return measured.enumerated().filter { $0.offset.isMultiple(of: max(step, 1)) || $0.element == measured.last }
            .map(\.element)
    }

    /// The mean of several trainings after each epoch that all of them measured, with a band from the least to the
    /// greatest; nil without a value.
    private static func curve(_ name: String, _ trainings: [[Double?]]) -> Curves.Curve? {
        let measured = trainings.filter { $0.contains { $0?.isFinite == true } }
        guard let epochs = measured.map(\.count).min() else { return nil }
        let values = (0..<epochs).map { epoch -> [Double]? in
            let own = measured.compactMap { $0[epoch] }.filter(\.isFinite)
            return own.count == measured.count ? own : nil
        }
        return Curves.Curve(
            name: measured.count == 1 ? name : "\(name), mean of \(measured.count)",
            values: values.map { own in own.map { $0.reduce(0, +) / Double($0.count) } ?? .nan },
            band: measured.count == 1 ? [] : values.map { own in own.map { ($0.min() ?? 0)...($0.max() ?? 0) } })
    }
}
