import Basics
import Foundation

/// The values along one side of a chart and the round ones among them that are named.
struct Axis: Equatable {
    let range: ClosedRange<Double>
    let ticks: [Double]
    private let step: Double

    /// Begins and ends at round values that take in all others but those beyond 1e100, which nobody measured.
    ///
    /// - Parameter count: Steps wished for; there may be about half as many.
    init(covering values: [Double], count: Int) {
        let values = values.filter { abs($0) < 1e100 }
        var lower = values.min() ?? 0
        var upper = values.max() ?? 1
        if lower == upper {
            let margin = lower == 0 ? 1 : abs(lower) / 5
            (lower, upper) = (lower - (lower == 0 ? 0 : margin), upper + margin)
        }
        // A scale that nearly reaches zero had better begin there.
        if lower > 0, lower < (upper - lower) / 3 { lower = 0 }
        step = Self.step(over: upper - lower, count: count)
        range =
            Self.multiple(
                (lower / step).rounded(.down), of: step)...Self.multiple((upper / step).rounded(.up), of: step)
        ticks = values.isEmpty ? [] : Self.multiples(of: step, in: range)
    }

    /// Begins at 0 and ends at or above a count, in whole steps.
    init(counting most: Int, count: Int) {
        let upper = Double(max(most, 1))
        step = max(1, Self.step(over: upper, count: count))
        range = 0...(upper / step).rounded(.up) * step
        ticks = Self.multiples(of: step, in: range)
    }

    /// Keeps to a range, whose ends need not be round but must differ.
    init(range: ClosedRange<Double>, count: Int) {
        self.range = range
        step = Self.step(over: range.upperBound - range.lowerBound, count: count)
        ticks = Self.multiples(of: step, in: range)
    }

    /// Begins and ends at the data; names whole numbers only where all are whole.
    init(along values: [Double], count: Int) {
        let lower = values.min() ?? 0
        let upper = values.max() ?? 1
        let isWhole = values.allSatisfy { $0 == $0.rounded() }
        let step = max(isWhole ? 1 : 0, Self.step(over: upper - lower, count: count))
        self.step = step
        guard !values.isEmpty else {
            range = lower...upper
            ticks = []
            return
        }
        guard lower < upper else {
            range = lower - 1...lower + 1
            ticks = [lower]
            return
        }
        range = lower...upper
        let ticks = Self.multiples(of: step, in: range)
        // Ranks and epochs begin at 1, which is no round number but the one to look for.
        let namesFirst = isWhole && ticks.first.map { $0 - lower > step / 2 } != false
        self.ticks = (namesFirst ? [lower] : []) + ticks
    }

    /// The share of the way along the axis at which a value lies; outside 0…1 beyond its ends.
    func share(of value: Double) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// The numeral of a tick, with as many decimals as its neighbours.
    func numeral(of tick: Double) -> String {
        let largest = max(abs(range.lowerBound), abs(range.upperBound))
        if largest >= 1e7 || step < 1e-6 {
            let digits = Int(log10(largest / step).rounded(.up)) + 1
            return String(format: "%.\(min(max(digits, 1), 17))g", tick).withMinusSign
        }
        let decimals = max(0, Int(-log10(step * 1.000_001).rounded(.down)))
        // Years stay as they are.
        if decimals == 0, largest >= 10_000 { return NumberText.thousands(tick) }
        // A sum that misses zero by a rounding error is no "-0.0".
        return String(format: "%.\(decimals)f", abs(tick) < step / 1000 ? 0 : tick).withMinusSign
    }

    /// The least of 1, 2, 5 times a power of ten that makes no more than `count` steps.
    private static func step(over span: Double, count: Int) -> Double {
        guard span > 0 else { return 1 }
        let least = span / Double(max(1, count))
        let power = pow(10, log10(least).rounded(.down))
        let factor = [1, 2, 5].first { $0 * power >= least * (1 - 1e-9) } ?? 10
        return factor * power
    }

    private static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
        // A bound that is a multiple counts even where division misses it by a rounding error.
        let first = (range.lowerBound / step - 1e-6).rounded(.up)
        let last = (range.upperBound / step + 1e-6).rounded(.down)
        return first <= last ? stride(from: first, through: last, by: 1).map { multiple($0, of: step) } : []
    }

    /// The product without the rounding error of steps such as 0.1, whose inverse is whole.
    private static func multiple(_ count: Double, of step: Double) -> Double {
        step < 1 ? count / (1 / step).rounded() : count * step
    }
}

extension String {
    /// The numeral with the minus sign in place of a hyphen.
    fileprivate var withMinusSign: String { replacing("-", with: "\u{2212}") }
}
