import Basics
import Foundation

/// The measures of a photograph; nil if not known.
public struct PhotographQuality: Sendable, Equatable {
    /// Higher is sharper.
    public var sharpness: Double?
    /// Mean brightness.
    public var exposure: Double?
    /// Shares of pixels without detail, black or white.
    public var darkClipping: Double?
    public var brightClipping: Double?
    /// The shorter side, pixels.
    public var side: Double?

    /// Collects measures.
    public init(
        sharpness: Double? = nil, exposure: Double? = nil, darkClipping: Double? = nil, brightClipping: Double? = nil,
        side: Double? = nil
    ) {
        self.sharpness = sharpness
        self.exposure = exposure
        self.darkClipping = darkClipping
        self.brightClipping = brightClipping
        self.side = side
    }
}

/// Finds unusual photographs: beyond the outer quartiles by more than one and a half times the interquartile range.
///
/// Sharpness and sides are compared by their logarithms, because they vary by factors.
///
/// Source: Tukey, Exploratory Data Analysis, 1977 (inner fences).
public struct QualityFences: Sendable {
    private let photographs: [String: PhotographQuality]
    private let sharpness: ClosedRange<Double>?
    private let exposure: ClosedRange<Double>?
    private let darkClipping: ClosedRange<Double>?
    private let brightClipping: ClosedRange<Double>?
    private let side: ClosedRange<Double>?

    /// Finds the fences of some photographs, by image_id.
    ///
    /// - Complexity: O(n log n).
    public init(_ photographs: [String: PhotographQuality]) {
        self.photographs = photographs
        func fences(_ value: (PhotographQuality) -> Double?) -> ClosedRange<Double>? {
            Self.fences(photographs.values.compactMap(value))
        }
        sharpness = fences { $0.sharpness.map(Self.logarithm) }
        exposure = fences(\.exposure)
        darkClipping = fences(\.darkClipping)
        brightClipping = fences(\.brightClipping)
        side = fences { $0.side.map(Self.logarithm) }
    }

    private static func logarithm(_ value: Double) -> Double { log(max(value, 1e-12)) }

    /// With fewer photographs, none counts as unusual.
    private static let fewest = 8

    static func fences(_ values: [Double]) -> ClosedRange<Double>? {
        let sorted = values.filter(\.isFinite).sorted()
        guard sorted.count >= fewest else { return nil }
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let low = Int(place)
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
        }
        let (first, third) = (quantile(0.25), quantile(0.75))
        let reach = 1.5 * (third - first)
        return (first - reach)...(third + reach)
    }

    /// The flaws of a photograph, each with its evidence; none for an unknown one.
    public func flaws(of id: String) -> [(cause: FailureCause, evidence: String)] {
        guard let quality = photographs[id] else { return [] }
        func below(_ value: Double?, _ range: ClosedRange<Double>?) -> Bool {
            guard let value, let range else { return false }
            return value < range.lowerBound
        }
        var found: [(FailureCause, String)] = []
        if let value = quality.sharpness, let range = sharpness, Self.logarithm(value) < range.lowerBound {
            let usual = Self.short(exp(range.lowerBound))
            found.append((.blurred, "sharpness \(Self.short(value)), usually at least \(usual)"))
        }
        if let value = quality.exposure, let range = exposure, below(value, range) {
            let usual = Self.short(range.lowerBound)
            found.append((.dark, "mean brightness \(Self.short(value)), usually at least \(usual)"))
        }
        if let value = quality.side, let range = side, Self.logarithm(value) < range.lowerBound {
            let usual = Self.short(exp(range.lowerBound))
            found.append((.tiny, "shorter side \(Self.short(value)) pixels, usually at least \(usual)"))
        }
        for (value, range, what) in [
            (quality.darkClipping, darkClipping, "black"), (quality.brightClipping, brightClipping, "white"),
        ] {
            // Clipping in one hundredth of a picture hides no marks, however rare it is.
            if let value, let range, value > max(range.upperBound, 0.01) {
                let usual = NumberText.percent(max(range.upperBound, 0.01))
                let share = NumberText.percent(value)
                found.append((.clipped, "\(share) of the pixels are \(what), usually at most \(usual)"))
            }
        }
        return found
    }

    /// From which measure a photograph has a flaw, such as "shorter side below 210 pixels"; nil without a lower limit.
    public func limit(of cause: FailureCause) -> String? {
        switch cause {
        case .blurred: sharpness.map { "sharpness below \(Self.short(exp($0.lowerBound)))" }
        case .dark: exposure.map { "mean brightness below \(Self.short($0.lowerBound))" }
        case .tiny: side.map { "shorter side below \(Self.short(exp($0.lowerBound))) pixels" }
        default: nil
        }
    }

    private static func short(_ value: Double) -> String { NumberText.fixed(value, abs(value) < 10 ? 3 : 0) }
}
