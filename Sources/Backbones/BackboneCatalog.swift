import Basics

/// The backbones that can be named in a configuration.
public enum BackboneCatalog {
    /// Every variant, smallest first within its family.
    public static let variants: [Variant] = EfficientNet.variants + ConvNeXt.variants

    /// The variant of that name. A tag of weights after a dot, such as `.ns_jft_in1k`, does not change the network, but
    /// tells which statistics the weights want.
    ///
    /// - Throws: ``BackboneError/unknown(name:nearest:)``.
    public static func variant(_ name: String) throws -> Variant {
        let parts = name.split(separator: ".", maxSplits: 1)
        let plain = parts.first.map(String.init) ?? name
        guard let variant = variants.first(where: { $0.name == plain }) else {
            throw BackboneError.unknown(name: name, nearest: Spelling.nearest(to: plain, among: variants.map(\.name)))
        }
        return parts.count > 1 ? variant.withWeights(tagged: String(parts[1])) : variant
    }
}

/// A backbone that the catalogue does not have.
public enum BackboneError: Error, Equatable, CustomStringConvertible {
    case unknown(name: String, nearest: String?)

    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "There is no backbone '\(name)'. " + (nearest.map { "Did you mean '\($0)'? " } ?? "")
                + "'whalebook backbones' lists them."
        }
    }
}
