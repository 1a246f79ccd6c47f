import Backbones
import Jobs
import Networks

extension BackboneCatalog {
    /// What the catalogue has, each variant laid once to be counted.
    public static func descriptions() throws -> [WorkerDescription.Backbone] {
        try variants.map { variant in
            let store = ParameterStore(seed: 0, on: .shapesOnly)
            let network = try variant.network(in: store.root)
            return .init(
                name: variant.name, parameters: store.parameterCount, features: network.featureCount,
                imageSize: variant.imageSize)
        }
    }
}
