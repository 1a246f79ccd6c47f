import Basics
import Results

/// How a training went, in a sentence.
struct TrainingCourse {
    private let epochs: [History.Epoch]

    init(_ epochs: [History.Epoch]) { self.epochs = epochs }

    /// The validation was as good already while it was less than this below its best.
    private static let flat = 0.01

    /// The best validation, whose weights are used, since when it was nearly as good, and the loss at the end.
    var sentence: String {
        guard let last = epochs.last else { return "No epoch is recorded." }
        let end = "The loss ends at \(NumberText.fixed(last.trainLoss, 3))."
        let measured = epochs.compactMap { epoch in epoch.validationMAP.map { (number: epoch.number, map: $0) } }
        guard let best = measured.max(by: { ($0.map, -$0.number) < ($1.map, -$1.number) }) else {
            return "There was no validation, so the last of \(epochs.count) epochs is used. \(end)"
        }
        let earlier = measured.prefix { $0.number < best.number }.reversed()
            .prefix { $0.map > best.map - Self.flat }.last
        let already = earlier.map { ", but already \(NumberText.fixed($0.map, 3)) at epoch \($0.number)" } ?? ""
        let course = best.number == last.number ? "the last one, so it may not have reached its end" : nil
        return
            "validation is best at epoch \(best.number) of \(last.number) (\(NumberText.fixed(best.map, 3))\(already))"
            + (course.map { ", \($0)" } ?? "") + "; the weights of that epoch are used. \(end)"
    }

    /// How often validation was measured: `after every 2 epochs`.
    var rhythm: String? {
        let numbers = epochs.filter { $0.validationMAP != nil }.map(\.number)
        guard numbers.count > 1 else { return nil }
        let step = numbers[1] - numbers[0]
        return step == 1 ? "after every epoch" : "after every \(step) epochs, and the last"
    }
}
