import Options

/// The classifier that training puts on the embedding: the section `train.head`.
public struct HeadSettings: OptionGroup {
    /// Which classifier.
    public enum Kind: String, OptionChoice {
        case arcface
        case subCentre = "sub-centre"
        case linear
    }

    /// Where the margin of a photograph comes from.
    public enum MarginRule: String, OptionChoice { case fixed, elastic, power, range }

    @Option(
        """
        The classifier. `arcface` adds an angular margin to the true class (Deng et al., CVPR 2019); `sub-centre` does \
        so with several centres for each animal (Deng et al., ECCV 2020); `linear` is one linear layer without a margin.
        """)
    public var kind = Kind.arcface
    @Option("Multiplies every cosine before the softmax.", in: 1...256, when: margins)
    public var scale = 20.0
    @Option("The number of centres for each animal.", in: 1...64, when: .one(of: Kind.subCentre))
    public var centres = 2
    @Option(
        """
        Where margins come from. `fixed` is the same for all; `elastic` is drawn for each photograph from a normal \
        distribution (Boutros et al., CVPRW 2022); `power` is margin-factor · n^-margin-exponent + margin-offset for an \
        animal of n training photographs (Ha et al., arXiv 2010.05350); `range` maps n^-margin-exponent linearly to \
        margin-low…margin-high (the competition's 4th place).
        """, when: margins)
    public var marginRule = MarginRule.fixed
    @Option(
        "The angular margin, or its mean where margins are drawn, in radians.", in: angles, when: margins,
        .one(of: MarginRule.fixed, .elastic))
    public var margin = 0.3
    @Option(
        "The standard deviation of drawn margins, in radians.", in: 0...0.5, when: margins,
        .one(of: MarginRule.elastic))
    public var marginDeviation = 0.0125
    @Option("The factor of the rule `power`, in radians.", in: angles, when: margins, .one(of: MarginRule.power))
    public var marginFactor = 0.45
    @Option(
        "How fast margins fall with the number of an animal's photographs.", in: 0...2, when: margins,
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

    /// Margins, radians: below a right angle.
    static let angles = 0.0...1.5
    private static let margins = OptionCondition.one(of: Kind.arcface, .subCentre)

    public init() {}
}
