import Basics
import Options

/// What makes a model: the section `train` without its checkpoints.
public struct TrainSettings: OptionGroup {
    /// How a member's embeddings come about.
    public enum Kind: String, OptionChoice {
        case metricLearning = "metric-learning"
        case none
    }

    /// What members do that say nothing of their own.
    @Option(
        """
        How embeddings come about. `metric-learning` trains a backbone and a neck to tell the animals apart; `none` \
        trains nothing: embeddings are the backbone's average-pooled last map, scaled to unit length.
        """, silent: true)
    public var kind = Kind.metricLearning
    @Option("An ensemble, trained for every seed and fold: it ranks by the weighted mean of its members' similarities.")
    public var members = [MemberSettings()]
    @Option("How a backbone's maps become one vector.")
    public var pooling = PoolingSettings()
    @Option("The layers from pooled features to the embedding.")
    public var neck = NeckSettings()
    @Option("The classifier that training puts on the embedding.")
    public var head = HeadSettings()
    @Option("What training minimises.")
    public var loss = LossSettings()
    @Option("How weights move.")
    public var optimizer = OptimizerSettings()
    @Option("How the learning rate changes over the epochs.")
    public var schedule = ScheduleSettings()
    @Option("The number of photographs in a batch.", in: 2...4096)
    public var batchSize = 32
    @Option("The number of batches whose gradients are added up for one step.", in: 1...10_000, silent: true)
    public var accumulation = 1
    @Option(
        """
        Above 0, a running mean of the weights is validated and stored in their place: the share of it that each step \
        keeps.
        """, in: 0...0.999999, silent: true)
    public var averageDecay = 0.0
    @Option("Which photographs make an epoch.")
    public var sampler = SamplerSettings()
    @Option("Which epoch's weights are kept, and when training ends.", silent: true)
    public var selection = SelectionSettings()
    @Option("What is done to training photographs at random, each time anew.")
    public var augment = AugmentSettings()

    public init() {}

    /// The settings as a member trains by them: with its own parts in place of those that all share.
    public func applied(to member: MemberSettings) -> TrainSettings {
        var settings = self
        settings.pooling = member.pooling ?? pooling
        settings.neck = member.neck ?? neck
        return settings
    }

    /// Whether a member is trained.
    public func trains(_ member: MemberSettings) -> Bool { (member.train?.kind ?? kind) != .none }
}

/// What stands in the description of a model.
public protocol DescribedOptions: OptionGroup {}

extension TrainSettings: DescribedOptions {}
extension MemberSettings: DescribedOptions {}

extension DescribedOptions {
    /// Reads a description. One from before an option existed has its standard, by which the model was made.
    ///
    /// - Throws: `DecodingError` for what no version wrote.
    public init(described value: JSONValue) throws { try self.init(optionJSON: value, at: .root) }

    /// What a model's description tells: no options that are silent at their standard.
    public var described: JSONValue { Self.optionKind.told(optionJSON) }
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

/// How weights move: the section `train.optimizer`.
public struct OptimizerSettings: OptionGroup {
    /// The rule of the step.
    public enum Kind: String, OptionChoice { case adamw, adam, sgd }

    /// What the weight decay reaches.
    public enum Decays: String, OptionChoice { case weights, all }

    @Option(
        """
        The optimiser: `adamw` (Loshchilov and Hutter, ICLR 2019), `adam` (Kingma and Ba, ICLR 2015) or `sgd`, stochastic \
        gradient descent with momentum.
        """)
    public var kind = Kind.adamw
    @Option("The learning rate of the neck and the head.", in: .positive)
    public var learningRate = 1e-3
    /// Nil for that of the neck.
    @Option("The head's own learning rate; `same` as the neck's.", in: .positive, or: "same", silent: true)
    public var headLearningRate: Double? = nil
    @Option("The learning rate of the backbone, or of its last layer where `layer-decay` is below 1.", in: .positive)
    public var backboneLearningRate = 3e-4
    @Option(
        "The learning rate of each layer of the backbone as a share of the next layer's; 1 trains all alike.",
        in: 0.01...1, silent: true)
    public var layerDecay = 1.0
    @Option(
        "The weight decay: decoupled from the gradient for `adamw`, an L2 penalty for `adam` and `sgd`.", in: .positive)
    public var weightDecay = 0.05
    @Option(
        """
        What the weight decay reaches: `weights`, what activations are multiplied with; `all`, biases, norms and the \
        pooling's exponent, too.
        """, silent: true)
    public var decays = Decays.weights
    @Option("The momentum of `sgd`.", in: 0...0.9999, when: .one(of: Kind.sgd), silent: true)
    public var momentum = 0.9
    @Option("The largest global norm of the gradient; longer ones are scaled down to it. 0 never clips.", in: .positive)
    public var clipNorm = 5.0

    public init() {}
}

/// What is done to a training photograph: the section `train.augment`.
///
/// Colours, shift, scale and rotation have Albumentations' definitions and probabilities, the crop torchvision's.
public struct AugmentSettings: OptionGroup {
    /// Whose the mirror image is.
    public enum Flip: String, OptionChoice { case off, same, new }

    @Option(
        """
        Mirrors half of the photographs. A mirrored flank is not that animal's flank: `new` makes the mirror image \
        another individual; `same` keeps the name, as the competitors did; `off` never mirrors.
        """)
    public var flip = Flip.off
    @Option("The smallest share of the area that a random crop keeps; 1 keeps all.", in: 0.05...1)
    public var crop = 0.7
    @Option("The most by which brightness changes, as a share of the full range.", in: .share)
    public var brightness = 0.2
    @Option("The most by which contrast changes, as a share.", in: .share)
    public var contrast = 0.2
    @Option("The most by which hues turn either way, in steps of 2 degrees.", in: 0...90, silent: true)
    public var hue = 0.0
    @Option("The most by which saturation changes, on a scale to 255.", in: 0...255, silent: true)
    public var saturation = 0.0
    @Option(
        "The lowest quality at which a photograph is compressed as JPEG, up to 99; 100 never does.", in: 1...100,
        silent: true)
    public var jpegQuality = 100
    @Option("The most by which a photograph moves in each direction, as a share of its side.", in: .share)
    public var shift = 0.2
    @Option("The most by which a photograph grows or shrinks, as a share.", in: 0...0.9)
    public var scale = 0.5
    @Option("The most by which a photograph turns either way, in degrees.", in: 0...180)
    public var rotate = 10.0
    @Option(
        "The side of the black square that half of the photographs get, as a share of theirs; 0 for none.", in: .share)
    public var cutout = 0.4

    public init() {}
}
