import Foundation
import Torch

/// Class logits with an additive angular margin: s cos(θ + m) for the right class, s cos θ for the others.
///
/// If θ + m exceeds π, the penalty continues linearly, cos θ - m sin(π - m), so that it stays monotonic.
/// With several centres a class uses the nearest (sub-centre ArcFace: Deng et al., ECCV 2020).
///
/// Source: Deng et al., CVPR 2019.
public struct ArcFace: Head {
    private let weight: Parameter
    private let scale: Double
    private let margins: [Double]
    private let deviation: Double
    private let centres: Int

    /// Creates the head for embeddings `[N, width]`, with Xavier weights `[classes · centres, width]`, row c·centres +
    /// k for centre k of class c.
    ///
    /// `counts` has the number of training photographs of each class; `scale` is s, the factor of the cosines,
    /// dimensionless.
    public init(
        width: Int, counts: [Int], margin: MarginRule, scale: Double, centres: Int = 1, in scope: ParameterScope
    ) throws {
        let rows = counts.count * centres
        weight = try scope.parameter(
            "weight", [rows, width], .uniform(bound: (6 / Double(rows + width)).squareRoot()))
        self.scale = scale
        margins = margin.margins(counts: counts)
        deviation = margin.deviation
        self.centres = centres
    }

    /// The logits `[N, classes]` of embeddings `[N, width]`; in training, an elastic margin is drawn for each.
    public func logits(_ embeddings: Tensor, labels: [Int], mode: Mode) throws -> Tensor {
        try Self.logits(
            embeddings, weight: weight.value(mode), labels: labels, margins: margins(of: labels, mode: mode),
            scale: scale, centres: centres)
    }

    /// The margin of each sample.
    func margins(of labels: [Int], mode: Mode) -> [Double] {
        let means = labels.map { margins[$0] }
        guard case .training(let noise, _) = mode, deviation > 0 else { return means }
        return zip(means, noise.normals(count: means.count, deviation: deviation)).map(+)
    }

    /// The logits for given weights and one margin for each sample.
    static func logits(
        _ embeddings: Tensor, weight: Tensor, labels: [Int], margins: [Double], scale: Double, centres: Int
    ) throws -> Tensor {
        // Half precision would lose 1 - cos² and the clamp.
        let embeddings = try embeddings.widened()
        let count = labels.count
        var cosine = try embeddings.unitLength().linear(weight: weight.widened().unitLength(), bias: nil)
        let classes = cosine.shape[1] / centres
        if centres > 1 { cosine = try cosine.reshaped([count, classes, centres]).maximum(over: [2]) }
        func column(_ values: [Double]) throws -> Tensor {
            try Tensor(values, shape: [count, 1], on: embeddings.device).cast(to: embeddings.type)
        }
        // snippet.begin arcface
        // The clamp keeps the root's gradient finite for a photograph exactly at its centre.
        let sine = try (1 - cosine * cosine).clamped(from: 1e-12).squareRoot()
        let widened = try cosine * column(margins.map(cos)) - sine * column(margins.map(sin))
        let beyond = try cosine - column(margins.map { $0 * sin(.pi - $0) })
        let isWithin = try cosine.isGreater(than: column(margins.map { cos(.pi - $0) }))
        let penalised = try isWithin.choose(widened, else: beyond)
        let isTarget = try Tensor(labels, shape: [count], on: embeddings.device).oneHot(classes: classes)
        return try isTarget.choose(penalised, else: cosine) * scale
        // snippet.end
    }
}

/// The angle that training adds between a photograph and its own class, radians.
public enum MarginRule: Sendable, Equatable {
    /// The same angle for every class.
    case fixed(Double)
    /// Drawn again for each photograph of each batch, from a normal distribution without truncation.
    ///
    /// Source: Boutros et al., CVPR Workshops 2022 (ElasticFace-Arc).
    case elastic(mean: Double, deviation: Double)
    /// factor · n^-exponent + offset for a class of n photographs: rare animals get more room.
    ///
    /// Source: Ha et al., arXiv 2010.05350.
    case power(factor: Double, exponent: Double, offset: Double)
    /// n^-exponent mapped linearly, so that the class with the most photographs has `low` and the class with the fewest
    /// `high`; `low` for all if all have equally many.
    ///
    /// Source: the 4th place of "Where's Whale-do?", with the exponent 1/4.
    case range(low: Double, high: Double, exponent: Double)

    /// The margin of every class, or its mean if margins are drawn, from its number of training photographs.
    public func margins(counts: [Int]) -> [Double] {
        func falling(_ exponent: Double) -> [Double] { counts.map { pow(Double(max($0, 1)), -exponent) } }
        switch self {
        case .fixed(let margin), .elastic(let margin, _): return counts.map { _ in margin }
        case .power(let factor, let exponent, let offset): return falling(exponent).map { factor * $0 + offset }
        case .range(let low, let high, let exponent):
            let shares = falling(exponent)
            guard let least = shares.min(), let most = shares.max(), least < most else {
                return counts.map { _ in low }
            }
            return shares.map { low + (high - low) * ($0 - least) / (most - least) }
        }
    }

    /// The standard deviation of drawn margins; 0 if none are drawn.
    var deviation: Double { if case .elastic(_, let deviation) = self { deviation } else { 0 } }
}

/// The classifier that a network trains with; serving does not use it.
public protocol Head {
    /// The logits of a batch.
    ///
    /// They are float32 even if the embeddings are half precision.
    ///
    /// - Parameters:
    ///   - embeddings: Shape `[N, width]`, of any length.
    ///   - labels: N classes.
    ///   - mode: Margins are drawn at random only in training.
    /// - Returns: Shape `[N, classes]`.
    /// - Throws: ``TorchError``.
    func logits(_ embeddings: Tensor, labels: [Int], mode: Mode) throws -> Tensor
}

/// Plain logits, x Wᵀ + b: a classifier without margins.
public struct LinearClassifier: Head {
    private let linear: Linear

    /// Creates the head for embeddings `[N, width]`.
    public init(width: Int, classes: Int, in scope: ParameterScope) throws {
        linear = try Linear(width, classes, in: scope)
    }

    public func logits(_ embeddings: Tensor, labels: [Int], mode: Mode) throws -> Tensor {
        try linear(embeddings.widened(), mode: mode)
    }
}

/// The weight of a photograph's class in the loss.
public enum ClassWeighting: Sendable {
    /// All equal.
    case none
    /// N / (C · n) for a class of n photographs among N of C classes, so that every class counts equally.
    ///
    /// Source: King and Zeng, Political Analysis 2001; scikit-learn's `class_weight="balanced"`.
    case balanced

    /// The weight of every class from its number of training photographs, or nil if all are equal.
    public func weights(counts: [Int]) -> [Double]? {
        switch self {
        case .none: return nil
        case .balanced:
            let total = Double(counts.reduce(0, +))
            return counts.map { total / (Double(counts.count) * Double(max($0, 1))) }
        }
    }
}
