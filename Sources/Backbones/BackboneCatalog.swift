import Basics

/// The backbones available to a configuration.
public enum BackboneCatalog {
    /// The variants that timm publishes with weights; smallest first within their family.
    static let published: [Variant] =
        EfficientNet.variants + ConvNeXt.variants + Swin.variants + VisionTransformer.variants

    /// Every variant: those of timm, then MiewID, then hybrids, which have no published weights as a whole.
    public static let variants: [Variant] = published + MiewID.variants + HybridSwin.variants

    /// Returns the variant with a name. A tag of weights after a dot, such as `.ns_jft_in1k`, does not change the
    /// network, but determines which statistics the weights expect.
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

/// A backbone that the catalogue does not have, or weights of another form than the backbone's.
public enum BackboneError: Error, Equatable, CustomStringConvertible {
    case unknown(name: String, nearest: String?)
    /// Weights that should be a whole hybrid's but are not.
    case notWhole(name: String, reason: String)
    /// Weights of parts for a backbone that is not a hybrid.
    case noParts(name: String)

    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "There is no backbone \(quoted: name). " + (nearest.map { "Did you mean \(quoted: $0)? " } ?? "")
                + "'whalebook backbones' lists them."
        case .notWhole(let name, let reason):
            "\(reason) \(quoted: name) is a hybrid. To start from published weights, give those of its parts, "
                + "weights: {cnn: ..., transformer: ...}."
        case .noParts(let name):
            "\(quoted: name) is not a hybrid, so it has no weights for cnn and transformer. Give one file, "
                + "weights: ..., or choose a hybrid; 'whalebook backbones' lists them."
        }
    }
}
