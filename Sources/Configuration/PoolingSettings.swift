import Options

/// How a backbone's maps become one vector: the section `train.pooling`.
public struct PoolingSettings: OptionGroup {
    /// What is pooled, and how.
    public enum Kind: String, OptionChoice {
        case gem, average
        case twoStageGeM = "two-stage-gem"
        case dolg
    }

    /// What DOLG's projection is divided by.
    public enum Projection: String, OptionChoice {
        case paper
        case writeUp = "write-up"
    }

    @Option(
        """
        The kind of pooling. `gem` takes the generalised mean of the last map (Radenovic et al., TPAMI 2018); `average` \
        its mean; `two-stage-gem` the generalised means of the last two stages' maps, concatenated (the competition's \
        2nd place); `dolg` fuses local and global features orthogonally (Yang et al., ICCV 2021).
        """)
    public var kind = Kind.gem
    @Option(
        "The exponent of generalised means: 1 is the mean, and large values approach the maximum.", in: 1...100,
        when: means)
    public var p = 3.0
    @Option("Whether training adjusts the exponent, starting from `p`.", when: means)
    public var learned = true
    @Option("The dilation rates of DOLG's local branch, one parallel convolution for each.", in: 1...256, when: dolg)
    public var dilations = [6, 12, 18]
    @Option(
        """
        What DOLG divides its projection by: `paper`, the squared length of the global vector; `write-up`, the length, \
        as the competitors' code did.
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
