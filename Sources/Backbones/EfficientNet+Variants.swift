import Networks

extension EfficientNet.Configuration {
    private typealias Stage = EfficientNet.Stage

    private static func inverted(
        _ repeats: Int, kernel: Int, stride: Int, expansion: Int, _ channels: Int
    ) -> Stage {
        Stage(
            block: .inverted, repeats: repeats, kernel: kernel, stride: stride, expansion: expansion,
            channels: channels, hasGate: true)
    }

    private static func fused(_ repeats: Int, stride: Int, expansion: Int, _ channels: Int) -> Stage {
        Stage(
            block: .fused, repeats: repeats, kernel: 3, stride: stride, expansion: expansion, channels: channels,
            hasGate: false)
    }

    private static func plain(_ repeats: Int, _ channels: Int) -> Stage {
        Stage(
            block: .plain, repeats: repeats, kernel: 3, stride: 1, expansion: 1, channels: channels, hasGate: false)
    }

    private static let b0 = Self(
        stem: 32,
        stages: [
            inverted(1, kernel: 3, stride: 1, expansion: 1, 16), inverted(2, kernel: 3, stride: 2, expansion: 6, 24),
            inverted(2, kernel: 5, stride: 2, expansion: 6, 40), inverted(3, kernel: 3, stride: 2, expansion: 6, 80),
            inverted(3, kernel: 5, stride: 1, expansion: 6, 112), inverted(4, kernel: 5, stride: 2, expansion: 6, 192),
            inverted(1, kernel: 3, stride: 1, expansion: 6, 320),
        ],
        head: 1280)

    /// The second version's small network.
    static let v2Small = Self(
        stem: 24,
        stages: [
            plain(2, 24), fused(4, stride: 2, expansion: 4, 48), fused(4, stride: 2, expansion: 4, 64),
            inverted(6, kernel: 3, stride: 2, expansion: 4, 128), inverted(9, kernel: 3, stride: 1, expansion: 6, 160),
            inverted(15, kernel: 3, stride: 2, expansion: 6, 256),
        ],
        head: 1280)

    /// The second version's medium network.
    static let v2Medium = Self(
        stem: 24,
        stages: [
            plain(3, 24), fused(5, stride: 2, expansion: 4, 48), fused(5, stride: 2, expansion: 4, 80),
            inverted(7, kernel: 3, stride: 2, expansion: 4, 160), inverted(14, kernel: 3, stride: 1, expansion: 6, 176),
            inverted(18, kernel: 3, stride: 2, expansion: 6, 304), inverted(5, kernel: 3, stride: 1, expansion: 6, 512),
        ],
        head: 1280)

    /// The second version's medium network as Ross Wightman drew it from the paper's figures, before its code came.
    static let v2MediumFromFigures: Self = {
        var small = v2Small
        small.stages[0] = fused(2, stride: 1, expansion: 1, 24)
        small.stages[5] = inverted(15, kernel: 3, stride: 2, expansion: 6, 272)
        small.head = 1792
        return small.scaled(width: 1.2, depths: [1.2, 1.2, 1.2, 1.2, 1.6, 1.6])
    }()

    /// The first version's network at a width and a depth over those of B0.
    static func b(width: Double, depth: Double) -> Self {
        b0.scaled(width: width, depths: b0.stages.map { _ in depth })
    }

    /// The lite form: no gates, ReLU6, and a stem, a head and a depth of the first and last stage that do not scale.
    static func lite(width: Double, depth: Double) -> Self {
        let last = b0.stages.count - 1
        var lite = b0.scaled(width: width, depths: b0.stages.indices.map { $0 == 0 || $0 == last ? 1 : depth })
        lite.stem = b0.stem
        lite.head = b0.head
        lite.activation = .relu6
        for index in lite.stages.indices { lite.stages[index].hasGate = false }
        return lite
    }

    /// TensorFlow's padding and epsilon, which the weights of `tf_` were trained with.
    var asTensorFlow: Self {
        var copy = self
        copy.padding = .same
        copy.normEpsilon = 1e-3
        return copy
    }

    /// The stages up to the last whose map has a `reduction`th of the image's sides.
    func cut(atReduction reduction: Int) -> Self {
        var copy = self
        var reached = 2
        copy.stages = Array(
            stages.prefix { stage in
                reached *= stage.stride
                return reached <= reduction
            })
        copy.head = nil
        return copy
    }

    /// Channels times `width`, to the next multiple of 8 that loses no more than a tenth; repeats times their stage's
    /// depth, rounded up.
    private func scaled(width: Double, depths: [Double]) -> Self {
        func channels(_ base: Int) -> Int {
            let wanted = Double(base) * width
            let rounded = max(8, Int(wanted + 4) / 8 * 8)
            return Double(rounded) < 0.9 * wanted ? rounded + 8 : rounded
        }
        var copy = self
        copy.stem = channels(stem)
        copy.head = head.map(channels)
        for (index, depth) in depths.enumerated() {
            copy.stages[index].channels = channels(stages[index].channels)
            copy.stages[index].repeats = Int((Double(stages[index].repeats) * depth).rounded(.up))
        }
        return copy
    }
}

extension EfficientNet {
    /// How the networks of the first version grow: B0 to B8, of which the lite form has the first five.
    private static let scaling: [(width: Double, depth: Double)] = [
        (1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8), (1.6, 2.2), (1.8, 2.6), (2.0, 3.1), (2.2, 3.6),
    ]

    /// The variants, smallest first within each form.
    static let variants = liteVariants + tensorFlowVariants + torchVariants + secondVersion

    private static let liteVariants = [224, 240, 260, 300, 380].enumerated().map { index, size in
        variant(
            "tf_efficientnet_lite\(index)", size, .half,
            .lite(width: scaling[index].width, depth: scaling[index].depth).asTensorFlow)
    }

    /// Of B8 there are no noisy-student weights; the others' adversarial ones want other statistics.
    private static let tensorFlowVariants =
        [224, 240, 260, 300, 380, 456, 528, 600].enumerated().map { index, size in
            variant(
                "tf_efficientnet_b\(index)", size, .imageNet, exceptions: ["ap_in1k": .half],
                .b(width: scaling[index].width, depth: scaling[index].depth).asTensorFlow)
        } + [
            variant(
                "tf_efficientnet_b8", 672, .half, exceptions: ["ra_in1k": .imageNet],
                .b(width: scaling[8].width, depth: scaling[8].depth).asTensorFlow)
        ]

    private static let torchVariants = [224, 240, 256, 288, 320, 448, 528, 600, 672].enumerated().map { index, size in
        variant(
            "efficientnet_b\(index)", size, index == 1 ? .half : .imageNet,
            exceptions: index < 2 ? ["ra4_e3600": .half, "ft_in1k": .imageNet] : [:],
            .b(width: scaling[index].width, depth: scaling[index].depth))
    }

    private static let secondVersion = [
        variant("tf_efficientnetv2_s", 300, .half, .v2Small.asTensorFlow),
        variant("tf_efficientnetv2_m", 384, .half, .v2Medium.asTensorFlow),
        variant("efficientnetv2_rw_m", 320, .imageNet, .v2MediumFromFigures),
    ]

    private static func variant(
        _ name: String, _ imageSize: Int, _ statistics: ChannelStatistics,
        exceptions: [String: ChannelStatistics] = [:], _ configuration: Configuration
    ) -> BackboneCatalog.Variant {
        .init(
            name, imageSize: imageSize, statistics: statistics, exceptions: exceptions, classifier: "classifier"
        ) { scope, _, stochasticDepth in
            try EfficientNet(configuration, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
