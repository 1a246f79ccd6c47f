import Basics
import Catalog

/// Every option of whalebook.yaml, its limits and its standard value.
public enum Schema {
    static let count = 1...1_000_000
    /// Whole numbers that JSON keeps exactly.
    private static let seed = 0...(1 << 53)
    /// Sides of a network's square input, pixels.
    public static let imageSizes = 32...2048
    static let share = 0.0...1.0
    static let positive = 0.0...1e9

    /// The options of one member of an ensemble.
    static let member: [ConfigurationOption] = [
        ConfigurationOption("name", .text, nil),
        ConfigurationOption("backbone", .text, nil),
        ConfigurationOption("weights", .either(.text, .section(parts)), .string(MemberWeights.unnamed)),
        ConfigurationOption("image-size", .integer(imageSizes), 128),
        ConfigurationOption("fit", .choice(of: Fit.self), "stretch").silentAtStandard,
        ConfigurationOption("weight", .number(positive), 1),
        ConfigurationOption("stochastic-depth", .number(0...0.95), 0),
        ConfigurationOption(
            "pooling", .either(.choice([MemberSettings.shared]), .section(pooling)), .string(MemberSettings.shared)
        ).silentAtStandard,
        ConfigurationOption(
            "neck", .either(.choice([MemberSettings.shared]), .section(neck)), .string(MemberSettings.shared)
        ).silentAtStandard,
        ConfigurationOption(
            "train", .either(.choice([MemberSettings.shared]), .section([trainingKind])),
            .string(MemberSettings.shared)
        ).silentAtStandard,
        ConfigurationOption(
            "folds",
            .either(.choice([MemberSettings.everyFold]), .list(.integer(0...99), allowsEmpty: false)),
            .string(MemberSettings.everyFold)
        ).silentAtStandard,
    ]

    /// The parts of a hybrid, each with a file of its own.
    private static let parts = MemberWeights.CodingKeys.allCases.map {
        ConfigurationOption($0.rawValue, .text, .string(MemberWeights.unnamed))
    }

    private static let standardMember: JSONValue = [
        "name": "lite0", "backbone": "tf_efficientnet_lite0", "weights": "none", "image-size": 128, "fit": "stretch",
        "weight": 1, "stochastic-depth": 0, "pooling": .string(MemberSettings.shared),
        "neck": .string(MemberSettings.shared), "train": .string(MemberSettings.shared),
        "folds": .string(MemberSettings.everyFold),
    ]

    private static let trainingKind = ConfigurationOption(
        "kind", .choice(of: TrainSettings.Kind.self), .string(TrainSettings.Kind.metricLearning.rawValue))

    static let train: [ConfigurationOption] = [
        trainingKind.silentAtStandard,
        ConfigurationOption("members", .list(.section(member), allowsEmpty: false), [standardMember]),
        ConfigurationOption("pooling", section: pooling),
        ConfigurationOption("neck", section: neck),
        ConfigurationOption("head", section: head),
        ConfigurationOption("loss", section: loss),
        ConfigurationOption("optimizer", section: optimizer),
        ConfigurationOption("schedule", section: schedule),
        ConfigurationOption(
            "checkpoints",
            section: [
                ConfigurationOption("minutes", .number(positive), 10), ConfigurationOption("kept", .integer(count), 2),
            ]),
        ConfigurationOption("batch-size", .integer(2...4096), 32),
        ConfigurationOption("accumulation", .integer(1...10_000), 1).silentAtStandard,
        ConfigurationOption("average-decay", .number(0...0.999999), 0).silentAtStandard,
        ConfigurationOption("sampler", section: sampler),
        ConfigurationOption("selection", section: selection).silentAtStandard,
        ConfigurationOption(
            "augment",
            section: [
                ConfigurationOption("flip", .choice(["off", "same", "new"]), "off"),
                ConfigurationOption("crop", .number(0.05...1), 0.7),
                ConfigurationOption("brightness", .number(share), 0.2),
                ConfigurationOption("contrast", .number(share), 0.2),
                ConfigurationOption("hue", .number(0...90), 0).silentAtStandard,
                ConfigurationOption("saturation", .number(0...255), 0).silentAtStandard,
                ConfigurationOption("jpeg-quality", .integer(1...100), 100).silentAtStandard,
                ConfigurationOption("shift", .number(share), 0.2), ConfigurationOption("scale", .number(0...0.9), 0.5),
                ConfigurationOption("rotate", .number(0...180), 10), ConfigurationOption("cutout", .number(share), 0.4),
            ]),
    ]

    private static let data: [ConfigurationOption] = [
        ConfigurationOption("folder", .text, nil),
        ConfigurationOption(
            "layout", .choice([DataSettings.automatic] + Layout.allCases.map(\.rawValue)),
            .string(DataSettings.automatic)),
        ConfigurationOption(
            "patterns",
            .either(.choice([PatternChoice.automaticName]), .list(.section(pattern), allowsEmpty: true)),
            .string(PatternChoice.automaticName)
        ).silentAtStandard,
    ]

    /// What a part of a name means; no viewpoint is an empty one.
    private static let pattern: [ConfigurationOption] = [
        ConfigurationOption("path", .pathPattern, nil), ConfigurationOption("viewpoint", .text, "").silentAtStandard,
    ]

    /// The file's top level.
    public static let options: [ConfigurationOption] = [
        ConfigurationOption("data", .either(.text, .section(data)), "data/sample"),
        ConfigurationOption("skip-broken", .flag, false).silentAtStandard,
        ConfigurationOption("device", .choice(["auto", "cpu", "cuda"]), "auto"),
        ConfigurationOption("precision", .choice(of: Precision.self), "float32"),
        ConfigurationOption("seeds", .list(.integer(seed), allowsEmpty: false), [1]),
        ConfigurationOption(
            "scenarios", .either(.choice(["auto"]), .list(.section(scenario), allowsEmpty: false)), "auto"),
        ConfigurationOption("split", section: split),
        ConfigurationOption("train", section: train),
        ConfigurationOption("embed", section: [ConfigurationOption("mirror", .flag, false)]),
        ConfigurationOption("bridge", section: bridge).silentAtStandard,
        ConfigurationOption(
            "search",
            section: [
                ConfigurationOption("k", .integer(1...20), 20),
                ConfigurationOption("join", .choice(of: SearchSettings.Join.self), "members").silentAtStandard,
            ]),
        ConfigurationOption(
            "expand", .list(.section(expansion), allowsEmpty: true),
            [standardExpansion]),
        ConfigurationOption("sweep", section: sweep),
        ConfigurationOption("explain", section: explain),
        ConfigurationOption("reduce", section: reduce),
        ConfigurationOption("evaluate", section: [ConfigurationOption("bootstrap", .integer(0...100_000), 2000)]),
    ]
}
