import Options

/// The classifier that training adds to the embedding: the section `train.head`.
public struct HeadSettings: OptionGroup {
    /// The classifier.
    public enum Kind: String, OptionChoice {
        case arcface
        case subCentre = "sub-centre"
        case linear
    }

    /// The rule for a photograph's margin.
    public enum MarginRule: String, OptionChoice { case fixed, elastic, power, range }

    @Option(
        """
        The classifier. `arcface` adds an angular margin to the true class (Deng et al., CVPR 2019); `sub-centre` does \
        so with several centres for each animal (Deng et al., ECCV 2020); `linear` is one linear layer without a margin.
        """)
    public var kind = Kind.arcface
    @Option("The factor of every cosine before the softmax.", in: 1...256, when: margins)
    public var scale = 20.0
    @Option("The number of centres for each animal.", in: 1...64, when: .one(of: Kind.subCentre))
    public var centres = 2
    @Option(
        """
        The rule for margins. `fixed` uses one margin for all; `elastic` draws one for each photograph from a normal \
        distribution (Boutros et al., CVPRW 2022); `power` is margin-factor · n^-margin-exponent + margin-offset for \
        an animal with n training photographs (Ha et al., arXiv 2010.05350); `range` maps n^-margin-exponent linearly \
        to margin-low…margin-high (the competition's 4th place).
        """, when: margins)
    public var marginRule = MarginRule.fixed
    @Option(
        "The angular margin, or the mean of drawn margins, in radians.", in: angles, when: margins,
        .one(of: MarginRule.fixed, .elastic))
    public var margin = 0.3
    @Option(
        "The standard deviation of drawn margins, in radians.", in: 0...0.5, when: margins,
        .one(of: MarginRule.elastic))
    public var marginDeviation = 0.0125
    @Option("The factor of the rule `power`, in radians.", in: angles, when: margins, .one(of: MarginRule.power))
    public var marginFactor = 0.45
    @Option(
        "How fast the margin falls as an animal has more photographs.", in: 0...2, when: margins,
        .one(of: MarginRule.power, .range))
    public var marginExponent = 0.25
    @Option("The offset of the rule `power`, in radians.", in: angles, when: margins, .one(of: MarginRule.power))
    public var marginOffset = 0.05
    @Option(
        "The margin of the animal with the most photographs, in radians.", in: angles, when: margins,
        .one(of: MarginRule.range))
    public var marginLow = 0.05
    @Option(
        "The margin of the animal with the fewest photographs, in radians.", in: angles, when: margins,
        .one(of: MarginRule.range))
    public var marginHigh = 0.35

    /// The range of margins, radians: below a right angle.
    static let angles = 0.0...1.5
    private static let margins = OptionCondition.one(of: Kind.arcface, .subCentre)

    public init() {}
}

/// The loss of training: the section `train.loss`.
public struct LossSettings: OptionGroup {
    /// Whether hard photographs count more.
    public enum Kind: String, OptionChoice {
        case focal
        case crossEntropy = "cross-entropy"
    }

    /// The unit that focal loss weights.
    public enum Reduction: String, OptionChoice { case sample, batch }

    /// Whether every photograph counts equally, or every animal.
    public enum ClassWeights: String, OptionChoice { case none, balanced }

    @Option(
        """
        The loss. `focal` is cross-entropy with more weight on badly classified photographs (Lin et al., ICCV 2017); \
        `cross-entropy` weights all equally.
        """)
    public var kind = Kind.focal
    @Option("How much `focal` favours hard photographs; 0 is cross-entropy.", in: 0...20, when: .one(of: Kind.focal))
    public var gamma = 2.0
    @Option(
        """
        Where the weight of `focal` applies: `sample`, to each photograph's loss, as in the paper; `batch`, to the \
        batch's mean, as in the competitors' code.
        """, when: .one(of: Kind.focal))
    public var reduction = Reduction.sample
    @Option("The share of the target that label smoothing spreads over all animals.", in: 0...0.9)
    public var smoothing = 0.0
    @Option(
        "`none` weights every photograph equally; `balanced` every animal, however many photographs it has.")
    public var classWeights = ClassWeights.none

    public init() {}
}

/// How a backbone's maps become one vector: the section `train.pooling`.
public struct PoolingSettings: OptionGroup {
    /// The kind of pooling.
    public enum Kind: String, OptionChoice {
        case gem, average, token
        case twoStageGeM = "two-stage-gem"
        case dolg
    }

    /// The divisor of DOLG's projection.
    public enum Projection: String, OptionChoice {
        case paper
        case writeUp = "write-up"
    }

    @Option(
        """
        The kind of pooling. `gem` is the generalised mean of the last map (Radenovic et al., TPAMI 2018); `average` \
        its mean; `token` the class token of a vision transformer; `two-stage-gem` concatenates the generalised means of the last two stages' maps (the competition's \
        2nd place); `dolg` fuses local and global features orthogonally (Yang et al., ICCV 2021).
        """)
    public var kind = Kind.gem
    @Option(
        "The exponent of generalised means: 1 gives the mean, and large values approach the maximum.", in: 1...100,
        when: means)
    public var p = 3.0
    @Option("Whether training adjusts the exponent, starting from `p`.", when: means)
    public var learned = true
    @Option("The dilation rates of DOLG's local branch, one parallel convolution for each.", in: 1...256, when: dolg)
    public var dilations = [6, 12, 18]
    @Option(
        """
        The divisor of DOLG's projection: `paper`, the squared length of the global vector; `write-up`, the length, as \
        in the competitors' code.
        """, when: dolg)
    public var projection = Projection.paper

    private static let means = OptionCondition.one(of: Kind.gem, .twoStageGeM, .dolg)
    private static let dolg = OptionCondition.one(of: Kind.dolg)

    public init() {}
}

/// From pooled features to the embedding: the section `train.neck`.
public struct NeckSettings: OptionGroup {
    @Option("The number of dimensions of the embedding.", in: 2...8192)
    public var embedding = 512
    @Option("The share of pooled features that training sets to zero.", in: 0...0.95)
    public var dropout = 0.2

    public init() {}
}
