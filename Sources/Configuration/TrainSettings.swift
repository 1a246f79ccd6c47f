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
