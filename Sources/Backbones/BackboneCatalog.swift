import Basics

/// The backbones that can be named in a configuration.
public enum BackboneCatalog {
    /// The variants that timm has, with weights; smallest first within their family.
    static let published: [Variant] = EfficientNet.variants + ConvNeXt.variants + Swin.variants

    /// Every variant: those of timm, then hybrids, of which no weights are published as a whole.
    public static let variants: [Variant] = published + HybridSwin.variants

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

/// A backbone that the catalogue does not have, or weights of another form than its own.
public enum BackboneError: Error, Equatable, CustomStringConvertible {
    case unknown(name: String, nearest: String?)
    /// Weights of a hybrid as a whole that are not.
    case notWhole(name: String, reason: String)
    /// Weights of parts for what is no hybrid.
    case noParts(name: String)

    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "There is no backbone \(quoted: name). " + (nearest.map { "Did you mean \(quoted: $0)? " } ?? "")
                + "'whalebook backbones' lists them."
        case .notWhole(let name, let reason):
            "\(reason) \(quoted: name) is a hybrid; to start from published weights name those of its parts, "
                + "weights: {cnn: ..., transformer: ...}."
        case .noParts(let name):
            "\(quoted: name) is no hybrid, so there are no weights of its cnn and its transformer. Name one file, weights: ..., "
                + "or choose a hybrid; 'whalebook backbones' lists them."
        }
    }
}
