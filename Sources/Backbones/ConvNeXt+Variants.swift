import Networks

extension ConvNeXt {
    /// The variants, smallest first; atto to nano are timm's own.
    static let variants = [
        variant("atto", [2, 2, 6, 2], [40, 80, 160, 320], hasConvolutionalMLP: true),
        variant("femto", [2, 2, 6, 2], [48, 96, 192, 384], hasConvolutionalMLP: true),
        variant("pico", [2, 2, 6, 2], [64, 128, 256, 512], hasConvolutionalMLP: true),
        variant("nano", [2, 2, 8, 2], [80, 160, 320, 640], hasConvolutionalMLP: true),
        variant("tiny", [3, 3, 9, 3], [96, 192, 384, 768]),
        variant("small", [3, 3, 27, 3], [96, 192, 384, 768]),
        variant("base", [3, 3, 27, 3], [128, 256, 512, 1024]),
        variant("large", [3, 3, 27, 3], [192, 384, 768, 1536]),
    ]

    private static func variant(
        _ name: String, _ depths: [Int], _ widths: [Int], hasConvolutionalMLP: Bool = false
    ) -> BackboneCatalog.Variant {
        let configuration = Configuration(depths: depths, widths: widths, hasConvolutionalMLP: hasConvolutionalMLP)
        return .init(
            "convnext_\(name)", imageSize: 224, statistics: .imageNet, exceptions: ["clip_": .clip],
            classifier: "head.fc"
        ) { scope, stochasticDepth in
            try ConvNeXt(configuration, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
