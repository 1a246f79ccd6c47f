import Options

/// How marks are matched with marks, beside the networks: the section `match`.
public struct MatchSettings: OptionGroup {
    /// The local features that are matched.
    public enum Kind: String, OptionChoice { case off, sift }

    /// Whether matches must agree on one movement of the animal.
    public enum Verify: String, OptionChoice { case auto, on, off }

    /// The curve from a score to a probability.
    public enum Calibration: String, OptionChoice { case isotonic, logistic }

    @Option(
        """
        The local features that are matched beside the networks. `sift` finds spots, notches and scars by SIFT (Lowe, \
        IJCV 2004) with the descriptors of RootSIFT (Arandjelović and Zisserman, CVPR 2012), without training; `off` \
        ranks by the networks alone.
        """, silent: true)
    public var kind = Kind.off
    @Option(
        """
        The share of the width and height, in the middle, in which marks are looked for; 1 is the whole photograph. \
        Behind an animal, photographs of one encounter show the same plants and waves, which match better than its \
        marks. A photograph with a box is searched all over its box.
        """, in: 0.05...1, when: on)
    public var middle = 0.6
    @Option("The long side in pixels to which larger photographs are reduced first.", in: 32...1024, when: on)
    public var side = 256
    @Option("The most marks of a photograph: the strongest.", in: 1...8192, when: on)
    public var keypoints = 1024
    @Option("The least contrast of a mark; less finds more.", in: .share, when: on)
    public var contrast = 0.02
    @Option(
        "Whether descriptors stay upright instead of turning with the mark; turned photographs then hardly match.",
        when: on)
    public var upright = false
    @Option(
        """
        The number of photographs to whose score each mark of a query adds, by LNBNN (McCann and Lowe, CVPR 2012; \
        Crall et al., WACV 2013).
        """, in: 1...1000, when: on)
    public var neighbours = 5
    @Option(
        """
        Whether the matches that one affine map explains count too, found by RANSAC (Fischler and Bolles, CACM 1981). \
        `auto` decides on the validation photographs: it helps where flanks are flat, and hurts in close-ups.
        """, when: on)
    public var verify = Verify.auto
    @Option("The number of a query's best photographs by LNBNN that are verified.", in: 1...10_000, when: on)
    public var verified = 50
    @Option(
        """
        The number of a query's best photographs by the networks that are matched; the others have no matches. `all` \
        matches every pair.
        """, in: 1...1_000_000, or: "all", when: on, silent: true)
    public var shortlist: Int? = nil
    @Option(
        """
        The curve from a score to the probability that both photographs show the same animal, fitted on validation \
        photographs: `isotonic` regression with a monotone spline, as in WildFusion (arXiv 2408.12934), or a \
        `logistic` curve.
        """, when: on)
    public var calibration = Calibration.isotonic

    private static let on = OptionCondition.one(of: Kind.sift)

    public init() {}

    /// Whether marks are matched.
    public var isOn: Bool { kind != .off }
}
