import Networks

extension Swin {
    /// The variants, smallest first; those of 384 pixels have windows of the same share of the map.
    static let variants = [
        variant("tiny", tiny), variant("small", small), variant("base", base), variant("base", base.atHighResolution),
        variant("large", large), variant("large", large.atHighResolution),
    ]

    private static let tiny = Configuration(width: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24], window: 7)
    private static let small = Configuration(width: 96, depths: [2, 2, 18, 2], heads: [3, 6, 12, 24], window: 7)
    private static let base = Configuration(width: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32], window: 7)
    private static let large = Configuration(width: 192, depths: [2, 2, 18, 2], heads: [6, 12, 24, 48], window: 7)

    private static func variant(_ name: String, _ configuration: Configuration) -> BackboneCatalog.Variant {
        // The last stage's map is one window, and a token of it stands for 32 pixels.
        let imageSize = 32 * configuration.window
        return .init(
            "swin_\(name)_patch\(patch)_window\(configuration.window)_\(imageSize)", imageSize: imageSize,
            statistics: .imageNet, classifier: "head.fc"
        ) { scope, imageSize, stochasticDepth in
            try Swin(configuration, imageSize: imageSize, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}

extension Swin.Configuration {
    fileprivate var atHighResolution: Self {
        var copy = self
        copy.window = 12
        return copy
    }
}
