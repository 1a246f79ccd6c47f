import Options

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
