import Configuration
import Foundation

/// The learning rate over the steps of a training: linear warm-up, then half a cosine down to a hundredth.
///
/// Source: Loshchilov and Hutter, ICLR 2017 (without restarts); the warm-up: Goyal et al., 2017.
struct Schedule {
    private let warmupSteps: Double
    private let steps: Double
    private static let end = 0.01

    /// Creates a schedule of `stepsPerEpoch` steps an epoch.
    init(_ settings: ScheduleSettings, stepsPerEpoch: Int) {
        warmupSteps = Double(settings.warmupEpochs * stepsPerEpoch)
        steps = Double(settings.epochs * stepsPerEpoch)
    }

    /// The share of the full rate at a step, counted from 0; in `0...1`.
    func share(at step: Int) -> Double {
        let position = Double(step)
        if position < warmupSteps { return (position + 1) / warmupSteps }
        let progress = (position - warmupSteps) / max(1, steps - warmupSteps)
        return Self.end + (1 - Self.end) * (1 + cos(.pi * progress)) / 2
    }
}
