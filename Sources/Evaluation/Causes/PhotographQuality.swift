import Basics
import Foundation

/// What was measured of a photograph; nil where it is not known.
public struct PhotographQuality: Sendable, Equatable {
    /// The larger, the sharper.
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

/// What is unusual among some photographs: beyond the outer quartiles by more than one and a half times their distance.
///
/// Sharpness and sides are taken by their logarithms, since they vary by factors.
///
/// Source: Tukey, Exploratory Data Analysis, 1977 (inner fences).
struct QualityFences {
    private let photographs: [String: PhotographQuality]
    private let sharpness: ClosedRange<Double>?
    private let exposure: ClosedRange<Double>?
    private let darkClipping: ClosedRange<Double>?
    private let brightClipping: ClosedRange<Double>?
    private let side: ClosedRange<Double>?

    /// - Complexity: O(n log n).
    init(_ photographs: [String: PhotographQuality]) {
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

    /// Fewer photographs have no usual.
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

    /// The flaws of a photograph with what speaks for each.
    func flaws(of id: String) -> [(cause: FailureCause, evidence: String)] {
        guard let quality = photographs[id] else { return [] }
        func below(_ value: Double?, _ range: ClosedRange<Double>?) -> Bool {
            guard let value, let range else { return false }
            return value < range.lowerBound
        }
        var found: [(FailureCause, String)] = []
        if let value = quality.sharpness, let range = sharpness, Self.logarithm(value) < range.lowerBound {
            found.append((.blurred, "sharpness \(Self.short(value)), usual from \(Self.short(exp(range.lowerBound)))"))
        }
        if let value = quality.exposure, let range = exposure, below(value, range) {
            found.append((.dark, "mean brightness \(Self.short(value)), usual from \(Self.short(range.lowerBound))"))
        }
        if let value = quality.side, let range = side, Self.logarithm(value) < range.lowerBound {
            found.append(
                (.tiny, "shorter side \(Self.short(value)) pixels, usual from \(Self.short(exp(range.lowerBound)))"))
        }
        for (value, range, what) in [
            (quality.darkClipping, darkClipping, "black"), (quality.brightClipping, brightClipping, "white"),
        ] {
            // A hundredth of a picture hides no marks, however rare that is.
            if let value, let range, value > max(range.upperBound, 0.01) {
                let usual = NumberText.percent(max(range.upperBound, 0.01))
                found.append((.clipped, "\(NumberText.percent(value)) of the pixels are \(what), usual up to \(usual)"))
            }
        }
        return found
    }

    private static func short(_ value: Double) -> String { NumberText.fixed(value, abs(value) < 10 ? 3 : 0) }
}
