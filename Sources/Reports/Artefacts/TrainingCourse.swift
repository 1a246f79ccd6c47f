import Basics
import Results

/// How a training went, in a sentence.
struct TrainingCourse {
    /// What validation did at the end of a training.
    enum End: Equatable {
        /// It had hardly changed since an epoch.
        case flat(since: Int)
        /// It was higher than ever, or nearly so, and had been clearly lower shortly before.
        case rising
        /// It had stayed clearly below its best for several epochs, while the loss had fallen further.
        case overfitting
        /// It was clearly below its best.
        case fallen(to: Double)
    }

    /// The best validation, whose weights are used.
    struct Best: Equatable {
        let epoch: Int
        let map: Double
    }

    private let epochs: [History.Epoch]
    /// Nil if nothing was validated.
    let best: Best?
    /// Nil if fewer than three epochs were validated.
    let end: End?

    /// Values that differ by less are as good as each other.
    private static let flat = 0.01
    /// The share of the epochs at the end in which a flat validation does not change.
    private static let tail = 0.1

    init(_ epochs: [History.Epoch]) {
        self.epochs = epochs
        let measured = epochs.compactMap { epoch in
            epoch.validationMAP.map { (number: epoch.number, map: $0, loss: epoch.trainLoss) }
        }
        guard let best = measured.max(by: { ($0.map, -$0.number) < ($1.map, -$1.number) }), let last = measured.last
        else {
            self.best = nil
            end = nil
            return
        }
        self.best = Best(epoch: best.number, map: best.map)
        guard measured.count > 2 else {
            end = nil
            return
        }
        if last.map < best.map - Self.flat {
            let later = measured.filter { $0.number > best.number }
            let isLasting = later.count > 1 && later.allSatisfy { $0.map < best.map - Self.flat }
            end = isLasting && last.loss < best.loss ? .overfitting : .fallen(to: last.map)
            return
        }
        let level = measured.reversed().prefix { $0.map > best.map - Self.flat }
        let first = level.last ?? last
        let isLong = Double(last.number - first.number) >= Self.tail * Double(last.number)
        end = level.count > 2 && isLong ? .flat(since: first.number) : .rising
    }

    /// What the end shows, in a sentence after a colon; nil if it is not known.
    var finding: String? {
        guard let best, let end else { return nil }
        return switch end {
        case .flat(let epoch): "validation was flat from epoch \(epoch) on."
        case .rising: rise.map { "validation \($0)." }
        case .overfitting:
            "validation stayed below its best after epoch \(best.epoch) while the loss fell further: the network overfits."
        case .fallen(let map):
            "validation fell from \(NumberText.fixed(best.map, 3)) at epoch \(best.epoch) to "
                + "\(NumberText.fixed(map, 3)) at the end."
        }
    }

    /// That validation rose until the end or nearly so, with the best check and the one before it; nil if not.
    private var rise: String? {
        guard let best, end == .rising else { return nil }
        let before = epochs.last { $0.validationMAP != nil && $0.number < best.epoch }
        let steps = before.flatMap { epoch in
            epoch.validationMAP.map {
                ", from \(NumberText.fixed($0, 3)) at epoch \(epoch.number) to \(NumberText.fixed(best.map, 3)) at "
                    + "epoch \(best.epoch)"
            }
        }
        return "was still rising near the end\(steps ?? "")"
    }

    /// The epoch whose weights are used: the best validation, or the last epoch without one; nil without epochs.
    var used: Int? { best?.epoch ?? epochs.last?.number }
}
