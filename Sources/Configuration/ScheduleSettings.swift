import Options

/// How the learning rate changes over the epochs: the section `train.schedule`.
public struct ScheduleSettings: OptionGroup {
    /// The curve.
    public enum Kind: String, OptionChoice {
        case cosine
        case writeUp = "write-up"
    }

    @Option(
        """
        The curve of the learning rate. `cosine` warms up linearly and then falls along half a cosine, step by step \
        (Loshchilov and Hutter, ICLR 2017); `write-up` warms up to ten times the rate and then falls along half a \
        cosine, by whole epochs (the competition's 3rd place).
        """)
    public var kind = Kind.cosine
    @Option("The number of passes over the training photographs.", in: .count)
    public var epochs = 20
    @Option("The epochs in which the learning rate rises; fewer than `epochs`.", in: 0...1_000_000)
    public var warmupEpochs = 1
    @Option(
        "The epochs at the start in which the backbone's weights and batch statistics stay fixed.", in: 0...1_000_000)
    public var freezeEpochs = 0

    public init() {}
}

/// Which photographs make an epoch: the section `train.sampler`.
public struct SamplerSettings: OptionGroup {
    /// The rule.
    public enum Kind: String, OptionChoice { case shuffle, balanced }

    @Option(
        """
        How batches are drawn. `shuffle` takes every photograph once an epoch; `balanced` fills batches with the same \
        number of photographs of each of their animals (Hermans et al., arXiv 1703.07737).
        """)
    public var kind = Kind.shuffle
    @Option(
        "Photographs of each animal in a batch; `train.batch-size` must be a multiple.", in: 1...4096,
        when: .one(of: Kind.balanced))
    public var images = 4

    public init() {}
}

/// Which epoch's weights are kept, and when training ends: the section `train.selection`.
public struct SelectionSettings: OptionGroup {
    /// What validation measures; always mAP@20 over embeddings, without margins or labels.
    public enum Measure: String, OptionChoice { case photographs, scenarios }

    @Option(
        """
        What the mAP@20 that chooses the epoch is measured on. `photographs` compares every validation photograph with \
        all others of training and validation outside its encounter; `scenarios` builds scenarios like the competition's \
        in which the validation part plays the test.
        """, silent: true)
    public var measure = Measure.photographs
    /// Nil for ten validations in all.
    @Option(
        "Epochs from one validation to the next; `auto` validates ten times in all.", in: .count, or: "auto",
        silent: true)
    public var every: Int? = nil
    @Option(
        "Training ends after this many epochs without a better validation; 0 trains all epochs.", in: 0...1_000_000,
        silent: true)
    public var patience = 0

    public init() {}
}

/// What training keeps so that it can go on after an interruption: the section `train.checkpoints`.
///
/// It changes no result, so it is not part of ``TrainSettings``.
public struct CheckpointSettings: OptionGroup {
    @Option("Minutes between checkpoints within an epoch; 0 keeps those at the end of epochs alone.", in: .positive)
    public var minutes = 10.0
    @Option("How many checkpoints stay; with more than one a damaged file is no loss.", in: .count)
    public var kept = 2

    public init() {}
}
