import Basics
import Evaluation
import Results

struct LateralityTable: CellKind {
    static let name = "laterality-table"
    static let summary =
        "Similarities of photographs to their mirror images, and of left to right views of one animal and of others."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let effects = try context.evaluation().result.laterality
        guard let effects, let first = effects.first else {
            let reason = BackgroundTable.absence(isOff: effects == nil)
            return CellContent(notes: ["Left and right were not compared: \(reason)."])
        }
        let notes = effects.map { effects.count == 1 ? $0.sentence : "\($0.model): \($0.sentence)" }
        let values: [String: JSONValue] = ["finding": .string(first.sentence)]
        let rows = effects.flatMap { Self.rows($0, names: effects.count > 1) }
        guard !rows.isEmpty else { return CellContent(values: values, notes: notes) }
        return CellContent(
            parts: [
                .table(
                    Table(
                        columns: [.init("Photographs compared")]
                            + ["Value", "95% interval", "Photographs"].map {
                                .init($0, .right)
                            }, rows: rows))
            ],
            values: values, notes: notes,
            contract: "Photographs that did not train the model, at most 500 of them drawn at random. Similarities are "
                + "mean cosines of one model's embeddings; other photographs of the animal, and other animals, are "
                + "seen from the same side. The probability compares each photograph with those of the animal's other "
                + "side and with those of that side of all other animals (area under the ROC curve); 0.5 is chance. "
                + "Intervals are by resampling animals.")
    }

    private static func rows(_ effect: LateralityEffect, names: Bool) -> [[Table.Cell]] {
        func row(_ title: String, _ value: String?, _ interval: String?, _ count: Int) -> [Table.Cell]? {
            value.map {
                [
                    .text(names ? "\(effect.model): \(title)" : title), .text($0), .text(interval ?? "–"),
                    .text(NumberText.thousands(Double(count))),
                ]
            }
        }
        let mirror = effect.mirror
        let compared = mirror?.photographs ?? 0
        func text(_ value: Double?) -> String? { value.map { NumberText.fixed($0, 3) } }
        let difference = mirror.flatMap { mirror in
            mirror.sameAnimal.map { NumberText.change(from: $0, to: mirror.mirrored, 3) }
        }
        let ends = mirror?.interval.map {
            "\(NumberText.signed($0.lowerBound, 3)) to \(NumberText.signed($0.upperBound, 3))"
        }
        return [
            row("with its mirror image", text(mirror?.mirrored), nil, compared),
            row("with others of the animal", text(mirror?.sameAnimal), nil, compared),
            row("with other animals", text(mirror?.otherAnimals), nil, compared),
            row("mirror image minus others of the animal", difference, ends, compared),
            row(
                "probability that the animal's other side is more similar", text(effect.sides?.auc),
                effect.sides?.interval.map { NumberText.interval($0, 3) }, effect.sides?.photographs ?? 0),
        ].compactMap(\.self)
    }
}
