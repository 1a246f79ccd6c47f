import Options

/// What training minimises: the section `train.loss`.
public struct LossSettings: OptionGroup {
    /// Whether hard photographs count more.
    public enum Kind: String, OptionChoice {
        case focal
        case crossEntropy = "cross-entropy"
    }

    /// What focal weighs.
    public enum Reduction: String, OptionChoice { case sample, batch }

    /// Whether every photograph counts alike, or every animal.
    public enum ClassWeights: String, OptionChoice { case none, balanced }

    @Option(
        """
        The loss. `focal` is cross-entropy with more weight on photographs that are classified badly (Lin et al., ICCV \
        2017); `cross-entropy` weighs all alike.
        """)
    public var kind = Kind.focal
    @Option("How much focal favours hard photographs; 0 is cross-entropy.", in: 0...20, when: .one(of: Kind.focal))
    public var gamma = 2.0
    @Option(
        """
        What focal weighs: `sample`, each photograph's loss, as in the paper; `batch`, the mean of the batch, as in the \
        competitors' code.
        """, when: .one(of: Kind.focal))
    public var reduction = Reduction.sample
    @Option("The share of the target that label smoothing spreads over all animals.", in: 0...0.9)
    public var smoothing = 0.0
    @Option(
        "`none` weighs every photograph alike; `balanced` every animal, however many photographs it has.")
    public var classWeights = ClassWeights.none

    public init() {}
}
