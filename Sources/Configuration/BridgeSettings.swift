import Options

/// Small networks that turn the embedding of a top view into that of a flank, and back: the section `bridge`.
public struct BridgeSettings: OptionGroup {
    /// Whether there is one.
    public enum Kind: String, OptionChoice { case off, mlp }

    @Option(
        """
        Whether views are bridged, an idea of the competition's 3rd place. `mlp` trains, for each model, a perceptron \
        with one hidden layer from top views to flanks and one back, added to their input; `off` trains none.
        """, silent: true)
    public var kind = Kind.off
    @Option("The width of the hidden layer.", in: 1...65_536, when: on)
    public var hidden = 512
    @Option("The number of training steps.", in: .count, when: on)
    public var steps = 400
    @Option("The learning rate.", in: .positive, when: on)
    public var learningRate = 1e-3
    @Option("The weight decay.", in: .positive, when: on)
    public var weightDecay = 0.05
    @Option(
        "What cosines are divided by before the softmax of the loss, InfoNCE (van den Oord et al., arXiv 1807.03748).",
        in: 1e-3...10, when: on)
    public var temperature = 0.1
    @Option(
        "The share of the mapped similarity in that of two views; the plain cosine has the rest.", in: .share, when: on)
    public var weight = 0.5
    @Option("With fewer training animals seen from both sides, no bridge is trained.", in: 2...1_000_000, when: on)
    public var animals = 8

    private static let on = OptionCondition.one(of: Kind.mlp)

    public init() {}
}
