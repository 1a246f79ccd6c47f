import Basics
import Catalog

/// Every option of whalebook.yaml, its limits and its standard value.
public enum Schema {
    private static let count = 1...Int.max
    private static let share = 0.0...1.0
    private static let positive = 0.0...Double.infinity

    /// The options of one member of an ensemble.
    static let member: [Option] = [
        Option("name", .text, nil),
        Option("backbone", .text, nil),
        Option("weights", .text, "none"),
        Option("image-size", .integer(32...2048), 128),
        Option("weight", .number(positive), 1),
    ]

    private static let standardMember: JSONValue = [
        "name": "lite0", "backbone": "tf_efficientnet_lite0", "weights": "none", "image-size": 128, "weight": 1,
    ]

    private static let train: [Option] = [
        Option("members", .list(.section(member), allowsEmpty: false), [standardMember]),
        Option(
            "pooling",
            section: [
                Option("kind", .choice(["gem", "average"]), "gem"), Option("p", .number(1...100), 3),
            ]),
        Option(
            "neck",
            section: [
                Option("embedding", .integer(2...8192), 512), Option("dropout", .number(0...0.95), 0.2),
            ]),
        Option(
            "head",
            section: [
                Option("kind", .choice(["arcface"]), "arcface"), Option("scale", .number(1...256), 20),
                Option("margin", .number(0...1.5), 0.3),
            ]),
        Option(
            "loss",
            section: [
                Option("kind", .choice(["focal", "cross-entropy"]), "focal"), Option("gamma", .number(0...20), 2),
                Option("reduction", .choice(["sample", "batch"]), "sample"),
                Option("smoothing", .number(0...0.9), 0),
            ]),
        Option(
            "optimizer",
            section: [
                Option("kind", .choice(["adamw", "adam", "sgd"]), "adamw"),
                Option("learning-rate", .number(positive), 1e-3),
                Option("backbone-learning-rate", .number(positive), 3e-4),
                Option("weight-decay", .number(positive), 0.05), Option("clip-norm", .number(positive), 5),
            ]),
        Option(
            "schedule",
            section: [
                Option("kind", .choice(["cosine"]), "cosine"), Option("epochs", .integer(count), 20),
                Option("warmup-epochs", .integer(0...Int.max), 1), Option("freeze-epochs", .integer(0...Int.max), 0),
            ]),
        Option("batch-size", .integer(2...4096), 32),
        Option("sampler", section: [Option("kind", .choice(["shuffle"]), "shuffle")]),
        Option(
            "augment",
            section: [
                Option("flip", .choice(["off", "same", "new"]), "off"), Option("crop", .number(0.05...1), 0.7),
                Option("brightness", .number(share), 0.2), Option("contrast", .number(share), 0.2),
                Option("shift", .number(share), 0.2), Option("scale", .number(0...0.9), 0.5),
                Option("rotate", .number(0...180), 10), Option("cutout", .number(share), 0.4),
            ]),
    ]

    private static let expansion: [Option] = [
        Option("kind", .choice(["alpha-qe", "average-qe", "database-augmentation"]), nil),
        Option("neighbours", .integer(count), 3),
        Option("alpha", .number(positive), 3),
    ]

    /// The file's top level.
    public static let options: [Option] = [
        Option("data", .text, "data/sample"),
        Option("device", .choice(["auto", "cpu", "cuda"]), "auto"),
        Option("precision", .choice(["float32"]), "float32"),
        Option("seeds", .list(.integer(0...Int.max), allowsEmpty: false), [1]),
        Option("scenarios", .choice(["auto"]), "auto"),
        Option(
            "split",
            section: [
                Option("kind", .choice(SplitSettings.Kind.allCases.map(\.rawValue)), "encounter"),
                Option("folds", .integer(2...100), 5), Option("fold", .integer(0...99), 0),
                Option("unseen", .number(0...0.9), 0.25), Option("minimum-images", .integer(count), 1),
            ]),
        Option("train", section: train),
        Option("embed", section: [Option("mirror", .flag, false)]),
        Option("search", section: [Option("k", .integer(1...20), 20)]),
        Option(
            "expand", .list(.section(expansion), allowsEmpty: true),
            [["kind": "alpha-qe", "neighbours": 3, "alpha": 3]]),
        Option("evaluate", section: [Option("bootstrap", .integer(0...100_000), 2000)]),
    ]
}
