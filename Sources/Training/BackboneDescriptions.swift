import Backbones
import Jobs

extension BackboneCatalog {
    /// What the catalogue has, each variant laid once to be counted.
    public static func descriptions() throws -> [WorkerDescription.Backbone] {
        try variants.map { variant in
            let size = try variant.size()
            return .init(
                name: variant.name, parameters: size.parameters, multiplyAdds: size.multiplyAdds,
                features: size.features, imageSize: variant.imageSize, mean: variant.mean,
                deviation: variant.deviation)
        }
    }
}
