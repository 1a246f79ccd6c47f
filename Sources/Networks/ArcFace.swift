import Foundation
import Torch

/// Class logits with an additive angular margin: s cos(θ + m) for the right class, s cos θ for the others.
///
/// Where θ + m would pass π the penalty goes on linearly, cos θ - m sin(π - m), so that it stays monotonic.
/// With several centres a class takes the nearest (sub-centre ArcFace: Deng et al., ECCV 2020).
///
/// Source: Deng et al., CVPR 2019.
public struct ArcFace: Head {
    private let weight: Parameter
    private let scale: Double
    private let margins: [Double]
    private let deviation: Double
    private let centres: Int

    /// Creates the head with Xavier weights `[classes · centres, width]`, row c·centres + k for centre k of class c.
    ///
    /// - Parameters:
    ///   - width: Of the embedding.
    ///   - counts: The training photographs of each class.
    ///   - scale: s, what cosines are multiplied by, dimensionless.
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

    /// The logits `[N, classes]` of embeddings `[N, width]`; while training an elastic margin is drawn for each.
    public func logits(_ embeddings: Tensor, labels: [Int], mode: Mode) throws -> Tensor {
        try Self.logits(
            embeddings, weight: weight.value(mode), labels: labels, margins: margins(of: labels, mode: mode),
            scale: scale, centres: centres)
    }

    /// The margin of each sample.
    func margins(of labels: [Int], mode: Mode) -> [Double] {
        let means = labels.map { margins[$0] }
        guard case .training(let noise) = mode, deviation > 0 else { return means }
        return zip(means, noise.normals(count: means.count, deviation: deviation)).map(+)
    }

    /// The logits for given weights and one margin for each sample.
    static func logits(
        _ embeddings: Tensor, weight: Tensor, labels: [Int], margins: [Double], scale: Double, centres: Int
    ) throws -> Tensor {
        // 1 - cos² is lost in half precision, and so is the clamp.
        let embeddings = try embeddings.widened()
        let count = labels.count
        var cosine = try embeddings.unitLength().linear(weight: weight.widened().unitLength(), bias: nil)
        let classes = cosine.shape[1] / centres
        if centres > 1 { cosine = try cosine.reshaped([count, classes, centres]).maximum(over: [2]) }
        func column(_ values: [Double]) throws -> Tensor {
            try Tensor(values, shape: [count, 1], on: embeddings.device).cast(to: embeddings.type)
        }
        // The clamp keeps the root's gradient finite where a photograph lies on its centre.
        let sine = try (1 - cosine * cosine).clamped(from: 1e-12).squareRoot()
        let widened = try cosine * column(margins.map(cos)) - sine * column(margins.map(sin))
        let beyond = try cosine - column(margins.map { $0 * sin(.pi - $0) })
        let isWithin = try cosine.isGreater(than: column(margins.map { cos(.pi - $0) }))
        let penalised = try isWithin.choose(widened, else: beyond)
        let isTarget = try Tensor(labels, shape: [count], on: embeddings.device).oneHot(classes: classes)
        return try isTarget.choose(penalised, else: cosine) * scale
    }
}
