import Basics
import Options

/// The options that determine a model: the section `train` without its checkpoints.
public struct TrainSettings: OptionGroup {
    /// How a member's embeddings are made.
    public enum Kind: String, OptionChoice {
        case metricLearning = "metric-learning"
        case none
    }

    /// The choice for members without one of their own.
    @Option(
        """
        How embeddings are made. `metric-learning` trains a backbone and a neck to distinguish the animals; `none` \
        trains nothing: embeddings are what the published network gives its classifier, usually the mean of its last \
        map, scaled to unit length.
        """, silent: true)
    public var kind = Kind.metricLearning
    @Option("The ensemble, trained for every seed and fold. It ranks by its members' weighted mean similarity.")
    public var members = [MemberSettings()]
    @Option("How a backbone's maps become one vector.")
    public var pooling = PoolingSettings()
    @Option("The layers from pooled features to the embedding.")
    public var neck = NeckSettings()
    @Option("The classifier that training adds to the embedding.")
    public var head = HeadSettings()
    @Option("The loss that training minimises.")
    public var loss = LossSettings()
    @Option("How the optimiser changes weights.")
    public var optimizer = OptimizerSettings()
    @Option("How the learning rate changes over the epochs.")
    public var schedule = ScheduleSettings()
    /// What training leaves as it is.
    public enum Freeze: String, OptionChoice { case none, backbone }

    @Option(
        """
        What training leaves as it is. `backbone` trains only the layers after the backbone, whose features of each \
        photograph are computed once; of `augment`, only `flip` has an effect.
        """, silent: true)
    public var freeze = Freeze.none
    @Option("The number of photographs in a batch.", in: 2...4096)
    public var batchSize = 32
    @Option("The number of batches whose gradients are summed for one step.", in: 1...10_000, silent: true)
    public var accumulation = 1
    /// The photographs over which batch norm computes its statistics.
    public enum Statistics: String, OptionChoice { case batch, process }

    @Option(
        """
        The photographs over which batch norm computes its statistics if several processes share a batch: `batch`, all \
        of them, which gives the result of one process; `process`, only each process's own, which is faster.
        """, silent: true)
    public var statistics = Statistics.batch
    @Option(
        "The number of processes that share a batch. A run with another number does not train.", in: 1...1024,
        when: .one(of: Statistics.process), silent: true)
    public var processes = 2
    @Option(
        """
        The decay of a running mean of the weights: the share of the mean that each step keeps. Above 0 the mean is \
        validated and stored instead of the weights.
        """, in: 0...0.999999, silent: true)
    public var averageDecay = 0.0
    @Option("Which photographs form an epoch.")
    public var sampler = SamplerSettings()
    @Option("Which epoch's weights are kept, and when training ends.", silent: true)
    public var selection = SelectionSettings()
    @Option("Random changes to training photographs, drawn again each time one is used.")
    public var augment = AugmentSettings()

    public init() {}

    /// The settings for one member: its own parts replace the shared ones.
    public func applied(to member: MemberSettings) -> TrainSettings {
        var settings = self
        settings.pooling = member.pooling ?? pooling
        settings.neck = member.neck ?? neck
        return settings
    }

    /// Whether a member is trained.
    public func trains(_ member: MemberSettings) -> Bool { (member.train?.kind ?? kind) != .none }
}

/// Options that are written into the description of a model.
public protocol DescribedOptions: OptionGroup {}

extension TrainSettings: DescribedOptions {}
extension MemberSettings: DescribedOptions {}

extension DescribedOptions {
    /// Reads a description. If it is older than an option, the option has its default, with which the model was made.
    ///
    /// - Throws: `DecodingError` for a description that no version wrote.
    public init(described value: JSONValue) throws { try self.init(optionJSON: value, at: .root) }

    /// The form in a model's description, without silent options at their default.
    public var described: JSONValue { Self.optionKind.withoutSilentDefaults(optionJSON) }
}

/// How the learning rate changes over the epochs: the section `train.schedule`.
public struct ScheduleSettings: OptionGroup {
    /// The curve.
    public enum Kind: String, OptionChoice {
        case cosine
        case writeUp = "write-up"
    }

    @Option(
        """
        The curve of the learning rate. `cosine` warms up linearly, then follows half a cosine down, step by step \
        (Loshchilov and Hutter, ICLR 2017); `write-up` warms up to ten times the rate, then follows half a cosine \
        down, by whole epochs (the competition's 3rd place).
        """)
    public var kind = Kind.cosine
    @Option("The number of passes over the training photographs.", in: .count)
    public var epochs = 20
    @Option("The number of epochs in which the learning rate rises; fewer than `epochs`.", in: 0...1_000_000)
    public var warmupEpochs = 1
    @Option(
        "The number of first epochs in which the backbone's weights and batch statistics are fixed.", in: 0...1_000_000)
    public var freezeEpochs = 0

    public init() {}
}

/// Which photographs form an epoch: the section `train.sampler`.
public struct SamplerSettings: OptionGroup {
    /// The rule.
    public enum Kind: String, OptionChoice { case shuffle, balanced }

    @Option(
        """
        How batches are drawn. `shuffle` uses every photograph once per epoch; `balanced` fills a batch with the same \
        number of photographs of each of its animals (Hermans et al., arXiv 1703.07737).
        """)
    public var kind = Kind.shuffle
    @Option(
        "The number of photographs of each animal in a batch, which divides `train.batch-size`.", in: 1...4096,
        when: .one(of: Kind.balanced))
    public var images = 4

    public init() {}
}

/// Which epoch's weights are kept, and when training ends: the section `train.selection`.
public struct SelectionSettings: OptionGroup {
    /// The photographs that validation measures; always by mAP@20 over embeddings, without margins or labels.
    public enum Measure: String, OptionChoice { case photographs, scenarios }

    @Option(
        """
        How the mAP@20 that chooses the epoch is measured. `photographs` compares every validation photograph with all \
        other training and validation photographs outside its encounter; `scenarios` builds scenarios like the \
        competition's, with the validation photographs as the test.
        """, silent: true)
    public var measure = Measure.photographs
    /// Nil for ten validations in all.
    @Option(
        "The number of epochs between validations; `auto` validates ten times in all.", in: .count, or: "auto",
        silent: true)
    public var every: Int? = nil
    @Option(
        "The epochs without a better validation after which training ends; 0 trains all epochs.", in: 0...1_000_000,
        silent: true)
    public var patience = 0

    public init() {}
}

/// The checkpoints from which an interrupted training continues: the section `train.checkpoints`.
///
/// It changes no result, so it is not part of ``TrainSettings``.
public struct CheckpointSettings: OptionGroup {
    @Option("Minutes between checkpoints within an epoch; 0 writes them only at the end of epochs.", in: .positive)
    public var minutes = 10.0
    @Option("The number of checkpoints kept; with more than one, training survives a damaged file.", in: .count)
    public var kept = 2

    public init() {}
}

/// How the optimiser changes weights: the section `train.optimizer`.
public struct OptimizerSettings: OptionGroup {
    /// The rule of the step.
    public enum Kind: String, OptionChoice { case adamw, adam, sgd }

    /// The parameters with weight decay.
    public enum Decays: String, OptionChoice { case weights, all }

    @Option(
        """
        The optimiser: `adamw` (Loshchilov and Hutter, ICLR 2019), `adam` (Kingma and Ba, ICLR 2015) or `sgd`, \
        stochastic gradient descent with momentum.
        """)
    public var kind = Kind.adamw
    @Option("The learning rate of the neck and the head.", in: .positive)
    public var learningRate = 1e-3
    /// Nil for the neck's learning rate.
    @Option("The head's own learning rate; `same` uses the neck's.", in: .positive, or: "same", silent: true)
    public var headLearningRate: Double? = nil
    @Option("The learning rate of the backbone, or of its last layer if `layer-decay` is below 1.", in: .positive)
    public var backboneLearningRate = 3e-4
    @Option(
        "The learning rate of each backbone layer as a share of the next layer's; 1 trains all at the same rate.",
        in: 0.01...1, silent: true)
    public var layerDecay = 1.0
    @Option(
        "The weight decay: decoupled from the gradient for `adamw`, an L2 penalty for `adam` and `sgd`.", in: .positive)
    public var weightDecay = 0.05
    @Option(
        """
        Which parameters have weight decay: `weights`, those that multiply activations; `all`, also biases, norms and \
        the pooling's exponent.
        """, silent: true)
    public var decays = Decays.weights
    @Option("The momentum of `sgd`.", in: 0...0.9999, when: .one(of: Kind.sgd), silent: true)
    public var momentum = 0.9
    @Option("The largest global norm of the gradient; larger ones are scaled down to it. 0 never clips.", in: .positive)
    public var clipNorm = 5.0

    public init() {}
}

/// Random changes to a training photograph: the section `train.augment`.
///
/// Colours, shift, scale and rotation use Albumentations' definitions and probabilities, the crop torchvision's.
public struct AugmentSettings: OptionGroup {
    /// The identity of a mirror image.
    public enum Flip: String, OptionChoice { case off, same, new }

    @Option(
        """
        Whether half of the photographs are mirrored. A mirrored flank is not that animal's flank: `new` makes the \
        mirror image another individual; `same` keeps the name, as the competitors did; `off` never mirrors.
        """)
    public var flip = Flip.off
    @Option("The smallest share of the area that a random crop keeps; 1 keeps all.", in: 0.05...1)
    public var crop = 0.7
    @Option("The largest change of brightness, as a share of the full range.", in: .share)
    public var brightness = 0.2
    @Option("The largest change of contrast, as a share.", in: .share)
    public var contrast = 0.2
    @Option("The largest change of hue either way, in steps of 2 degrees.", in: 0...90, silent: true)
    public var hue = 0.0
    @Option("The largest change of saturation, on a scale to 255.", in: 0...255, silent: true)
    public var saturation = 0.0
    @Option(
        "The lowest quality of a JPEG compression, drawn up to 99; 100 never compresses.", in: 1...100,
        silent: true)
    public var jpegQuality = 100
    @Option("The largest shift in each direction, as a share of the side.", in: .share)
    public var shift = 0.2
    @Option("The largest enlargement or reduction, as a share.", in: 0...0.9)
    public var scale = 0.5
    @Option("The largest rotation either way, in degrees.", in: 0...180)
    public var rotate = 10.0
    @Option(
        "The side of the black square on half of the photographs, as a share of theirs; 0 for none.", in: .share)
    public var cutout = 0.4

    public init() {}
}
