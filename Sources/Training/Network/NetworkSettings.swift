import Backbones
import Configuration
import Jobs
import Networks

/// The parts of a network that the configuration names.
extension PoolingSettings {
    /// Builds the pooling of a backbone's maps in a scope.
    func layer(on backbone: any Backbone, in scope: ParameterScope) throws -> any Pooling {
        func mean(in scope: ParameterScope) throws -> GeMPooling {
            learned ? try GeMPooling(p: p, in: scope) : GeMPooling(fixed: p)
        }
        switch kind {
        case .gem: return LastMapPooling(featureCount: backbone.featureCount, by: try mean(in: scope))
        case .average: return LastMapPooling(featureCount: backbone.featureCount, by: AveragePooling())
        case .token: return try ClassTokenPooling(backbone)
        case .twoStageGeM:
            return TwoMapPooling(backbone, earlier: try mean(in: scope / "earlier"), last: try mean(in: scope / "last"))
        case .dolg:
            return try DOLGPooling(
                backbone, pooling: mean(in: scope / "pool_g"), dilations: dilations,
                projection: .init(projection), in: scope)
        }
    }
}

extension DOLGPooling.Projection {
    fileprivate init(_ projection: PoolingSettings.Projection) {
        switch projection {
        case .paper: self = .paper
        case .writeUp: self = .writeUp
        }
    }
}

extension HeadSettings {
    /// Builds the head in a scope; `counts` has the number of training photographs of each class.
    func layer(width: Int, counts: [Int], in scope: ParameterScope) throws -> any Head {
        switch kind {
        case .arcface: try ArcFace(width: width, counts: counts, margin: rule, scale: scale, in: scope)
        case .subCentre:
            try ArcFace(width: width, counts: counts, margin: rule, scale: scale, centres: centres, in: scope)
        case .linear: try LinearClassifier(width: width, classes: counts.count, in: scope)
        }
    }

    private var rule: Networks.MarginRule {
        switch marginRule {
        case .fixed: .fixed(margin)
        case .elastic: .elastic(mean: margin, deviation: marginDeviation)
        case .power: .power(factor: marginFactor, exponent: marginExponent, offset: marginOffset)
        case .range: .range(low: marginLow, high: marginHigh, exponent: marginExponent)
        }
    }
}

extension FocalLoss {
    /// The configured loss; `counts` has the number of training photographs of each class.
    init(_ settings: LossSettings, counts: [Int]) {
        let weighting: ClassWeighting =
            switch settings.classWeights {
            case .none: .none
            case .balanced: .balanced
            }
        self.init(
            gamma: settings.kind == .focal ? settings.gamma : 0, smoothing: settings.smoothing,
            reduction: settings.reduction == .sample ? .sample : .batch,
            classWeights: weighting.weights(counts: counts))
    }
}

extension BackboneCatalog {
    /// The descriptions of all variants; each is built once to count its parameters.
    public static func descriptions() throws -> [WorkerDescription.Backbone] {
        try variants.map { variant in
            let size = try variant.size()
            return .init(
                name: variant.name, parameters: size.parameters, multiplyAdds: size.multiplyAdds,
                features: size.features, imageSize: variant.imageSize, mean: variant.mean,
                deviation: variant.deviation, licence: variant.licence)
        }
    }
}
