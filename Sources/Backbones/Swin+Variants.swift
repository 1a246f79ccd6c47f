import Networks

extension Swin.Configuration {
    static let tiny = Self(width: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24], window: 7)
    static let small = Self(width: 96, depths: [2, 2, 18, 2], heads: [3, 6, 12, 24], window: 7)
    static let base = Self(width: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32], window: 7)
    static let large = Self(width: 192, depths: [2, 2, 18, 2], heads: [6, 12, 24, 48], window: 7)

    /// The same for larger images, with windows of the same share of them.
    var atHighResolution: Self {
        var copy = self
        copy.window = 12
        return copy
    }

    /// Side of the images that it was published for: the last stage's map is one window, and a token of it stands for
    /// 32 pixels.
    var imageSize: Int { 32 * window }
}

extension Swin {
    /// The variants, smallest first.
    static let variants = [
        variant("tiny", .tiny), variant("small", .small), variant("base", .base),
        variant("base", .base.atHighResolution), variant("large", .large), variant("large", .large.atHighResolution),
    ]

    private static func variant(_ name: String, _ configuration: Configuration) -> BackboneCatalog.Variant {
        .init(
            "swin_\(name)_patch\(patch)_window\(configuration.window)_\(configuration.imageSize)",
            imageSize: configuration.imageSize, statistics: .imageNet, classifier: "head.fc"
        ) { scope, imageSize, stochasticDepth in
            try Swin(configuration, imageSize: imageSize, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
