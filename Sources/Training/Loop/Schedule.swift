import Configuration
import Foundation

/// The learning rate over the steps of a training.
struct Schedule {
    private let settings: ScheduleSettings
    private let stepsPerEpoch: Int

    /// Creates a schedule of `stepsPerEpoch` steps an epoch.
    init(_ settings: ScheduleSettings, stepsPerEpoch: Int) {
        self.settings = settings
        self.stepsPerEpoch = stepsPerEpoch
    }

    /// The factor of the full rate at a step, counted from 0.
    func share(at step: Int) -> Double {
        switch settings.kind {
        case .cosine: cosine(at: step)
        case .writeUp: writeUp(inEpoch: step / stepsPerEpoch)
        }
    }

    private static let end = 0.01

    /// Linear warm-up by steps, then half a cosine down to a hundredth; in `0...1`.
    ///
    /// Source: Loshchilov and Hutter, ICLR 2017 (without restarts); the warm-up: Goyal et al., 2017.
    private func cosine(at step: Int) -> Double {
        let warmupSteps = Double(settings.warmupEpochs * stepsPerEpoch)
        let steps = Double(settings.epochs * stepsPerEpoch)
        let position = Double(step)
        if position < warmupSteps { return (position + 1) / warmupSteps }
        let progress = (position - warmupSteps) / max(1, steps - warmupSteps)
        return Self.end + (1 - Self.end) * (1 + cos(.pi * progress)) / 2
    }

    private static let writeUpRise = 10.0
    /// 1e-7, as a share of the write-up's rate of 3e-4.
    private static let writeUpEnd = 1e-7 / 3e-4

    /// The competition's 3rd place: the rate changes only from epoch to epoch, counted from 0. It rises from the full
    /// rate to ten times that within the W epochs of warm-up, and falls along a cosine over the others, the first of
    /// which stays at the peak. With 3e-4, 50 epochs and W = 3, 3e-4 (9 e/3 + 1) for e <= 3, then 1e-7 + (3e-3 -
    /// 1e-7)(1 + cos(π (e - 4)/47))/2.
    private func writeUp(inEpoch epoch: Int) -> Double {
        let warmup = settings.warmupEpochs
        let peak = Self.writeUpRise
        if epoch <= warmup { return warmup == 0 ? peak : (peak - 1) * Double(epoch) / Double(warmup) + 1 }
        let progress = Double(epoch - warmup - 1) / Double(settings.epochs - warmup)
        return Self.writeUpEnd + (peak - Self.writeUpEnd) * (1 + cos(.pi * progress)) / 2
    }
}
