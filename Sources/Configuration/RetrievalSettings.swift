import Options

/// How photographs become embeddings: the section `embed`.
public struct EmbedSettings: OptionGroup {
    @Option("Whether each embedding is averaged with that of the mirror image.")
    public var mirror = false

    public init() {}
}

/// How photographs are ranked: the section `search`.
public struct SearchSettings: OptionGroup {
    /// Which models form one ensemble.
    public enum Join: String, OptionChoice { case members, folds }

    @Option("The number of database photographs that a query returns.", in: 1...20)
    public var k = 20
    @Option(
        """
        Which models form one ensemble. `members` joins the members of each fold, which shows the spread over folds; \
        `folds` joins the members of all folds.
        """, silent: true)
    public var join = Join.members

    public init() {}
}

/// A step of query extension or re-ranking: an entry of the list `expand`.
public struct ExpansionSettings: OptionGroup {
    /// The step.
    public enum Kind: String, OptionChoice {
        case alphaQE = "alpha-qe"
        case averageQE = "average-qe"
        case databaseAugmentation = "database-augmentation"
        case power
        case kReciprocal = "k-reciprocal"

        /// Whether it re-ranks, so that no step can follow it.
        var ranks: Bool { self == .power || self == .kReciprocal }
    }

    @Option(
        """
        The step. `alpha-qe` replaces a query by the mean of itself and its nearest database photographs, weighted by \
        similarity^alpha (Radenovic et al., TPAMI 2018); `average-qe` weights all equally (Chum et al., ICCV 2007); \
        `database-augmentation` extends database photographs in the same way (Turcot and Lowe, ICCVW 2009). Two steps \
        re-rank and come last: `power` combines the similarities to the query and to its two best matches, \
        0.4 s_q^e + 0.4 s_1^e + 0.2 s_2^e (the competition's 1st place); `k-reciprocal` compares neighbourhoods (Zhong \
        et al., CVPR 2017).
        """, required: true)
    public var kind = Kind.alphaQE
    @Option(
        "The number of nearest database photographs in the mean.", in: .count,
        when: .one(of: Kind.alphaQE, .averageQE, .databaseAugmentation))
    public var neighbours = 3
    @Option(
        "The exponent of the similarity in a neighbour's weight; 0 weights all equally.", in: .positive,
        when: .one(of: Kind.alphaQE, .databaseAugmentation))
    public var alpha = 3.0
    @Option("The exponent e of `power`.", in: 1e-3...1e3, when: .one(of: Kind.power))
    public var exponent = 7.0
    @Option("The size of the neighbourhoods that must be mutual.", in: .count, when: .one(of: Kind.kReciprocal))
    public var k1 = 20
    @Option(
        "The number of neighbours whose neighbourhoods are averaged.", in: .count, when: .one(of: Kind.kReciprocal))
    public var k2 = 6
    @Option(
        "The share of the original distance in the final one; the rest is the Jaccard distance of neighbourhoods.",
        in: .share, when: .one(of: Kind.kReciprocal))
    public var lambda = 0.3

    public init() {}
}

/// The values of query extension to try on the validation queries, every pair of them: the section `sweep`.
public struct SweepSettings: OptionGroup {
    @Option("The numbers of neighbours to try.", in: .count)
    public var neighbours = [1, 2, 3, 5, 10]
    @Option("The exponents of the similarity to try.", in: .positive)
    public var alpha = [0.0, 1, 3, 5]

    public init() {}
}

/// Heat maps of what makes two photographs similar: the section `explain`.
public struct ExplainSettings: OptionGroup {
    /// The feature map that heat maps are made from.
    public enum Map: String, OptionChoice { case earlier, last }

    @Option("The number of queries with heat maps, the worst first; 0 for none.", in: 0...1000)
    public var queries = 6
    @Option(
        """
        The feature map that they show. `last` is the backbone's last, with one cell for every 32 pixels; `earlier` \
        is that of the stage before, with one for every 16.
        """)
    public var map = Map.earlier

    public init() {}
}

/// The map of the embeddings in the plane: the section `reduce`.
public struct ReduceSettings: OptionGroup {
    @Option(
        """
        The largest number of photographs on the map, drawn at random if there are more; 0 for no map. Memory grows \
        with its square: 6000 need 300 MB.
        """, in: 0...20_000)
    public var photographs = 6000
    @Option("Roughly how many neighbours stay near a photograph (van der Maaten and Hinton, JMLR 2008).", in: 1...1000)
    public var perplexity = 30.0
    @Option("The number of steps of exact t-SNE.", in: .count)
    public var steps = 1000

    public init() {}
}

/// How results are measured: the section `evaluate`.
public struct EvaluateSettings: OptionGroup {
    @Option("The number of resamples, by animal, for confidence intervals; 0 for none.", in: 0...100_000)
    public var bootstrap = 2000

    public init() {}
}

/// Small networks that map the embedding of a top view to that of a flank, and back: the section `bridge`.
public struct AdapterSettings: OptionGroup {
    /// Whether views are bridged.
    public enum Kind: String, OptionChoice { case off, mlp }

    @Option(
        """
        Whether views are bridged, an idea of the competition's 3rd place. `mlp` trains two residual perceptrons with \
        one hidden layer for each model, from top views to flanks and back; `off` trains none.
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
        "The divisor of cosines before the softmax of the loss, InfoNCE (van den Oord et al., arXiv 1807.03748).",
        in: 1e-3...10, when: on)
    public var temperature = 0.1
    @Option(
        "The share of the mapped similarity between two views; the rest is the plain cosine.", in: .share, when: on)
    public var weight = 0.5
    @Option("The training animals seen from both sides that a bridge needs.", in: 2...1_000_000, when: on)
    public var animals = 8

    private static let on = OptionCondition.one(of: Kind.mlp)

    public init() {}
}
