import Options

/// How photographs become embeddings: the section `embed`.
public struct EmbedSettings: OptionGroup {
    @Option("Whether the embedding of the mirror image is averaged in.")
    public var mirror = false

    public init() {}
}

/// How rankings are made: the section `search`.
public struct SearchSettings: OptionGroup {
    /// What is one ensemble.
    public enum Join: String, OptionChoice { case members, folds }

    @Option("The number of database photographs that a query returns.", in: 1...20)
    public var k = 20
    @Option(
        """
        Which models are one ensemble. `members` joins the members of each fold, so that the spread over folds is known; \
        `folds` joins the members of all folds.
        """, silent: true)
    public var join = Join.members

    public init() {}
}

/// A step of query extension or re-ranking: an entry of the list `expand`.
public struct ExpansionSettings: OptionGroup {
    /// What is replaced by a mean with its neighbours, or what ranks in the end.
    public enum Kind: String, OptionChoice {
        case alphaQE = "alpha-qe"
        case averageQE = "average-qe"
        case databaseAugmentation = "database-augmentation"
        case power
        case kReciprocal = "k-reciprocal"

        /// Whether it ranks, so that nothing can come after it.
        var ranks: Bool { self == .power || self == .kReciprocal }
    }

    @Option(
        """
        The step. `alpha-qe` replaces a query by the mean of itself and its nearest database photographs, weighted by \
        similarity^alpha (Radenovic et al., TPAMI 2018); `average-qe` weighs all alike (Chum et al., ICCV 2007); \
        `database-augmentation` does it to database photographs (Turcot and Lowe, ICCVW 2009). Two rank, and come last: \
        `power` lets the query and its two best answers ask together, 0.4 s_q^e + 0.4 s_1^e + 0.2 s_2^e (the \
        competition's 1st place); `k-reciprocal` compares neighbourhoods (Zhong et al., CVPR 2017).
        """, required: true)
    public var kind = Kind.alphaQE
    @Option(
        "The number of nearest database photographs in a mean.", in: .count,
        when: .one(of: Kind.alphaQE, .averageQE, .databaseAugmentation))
    public var neighbours = 3
    @Option(
        "The exponent of the similarity that weighs a neighbour; 0 weighs all alike.", in: .positive,
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
        "The share of the plain distance in the final one; the Jaccard distance of neighbourhoods has the rest.",
        in: .share, when: .one(of: Kind.kReciprocal))
    public var lambda = 0.3

    public init() {}
}

/// What query extension is tried with on the validation: the section `sweep`, of which every pair is measured.
public struct SweepSettings: OptionGroup {
    @Option("The numbers of neighbours to try.", in: .count)
    public var neighbours = [1, 2, 3, 5, 10]
    @Option("The exponents of the similarity to try.", in: .positive)
    public var alpha = [0.0, 1, 3, 5]

    public init() {}
}

/// Heat maps of what makes two photographs alike: the section `explain`.
public struct ExplainSettings: OptionGroup {
    /// The map of features that heat maps are made of.
    public enum Map: String, OptionChoice { case earlier, last }

    @Option("The number of queries that get heat maps, the worst first; 0 for none.", in: 0...1000)
    public var queries = 6
    @Option(
        """
        The map of features that they show. `last` is the backbone's last, with a place for every 32 pixels; `earlier` \
        that of the stage before, with one for every 16.
        """)
    public var map = Map.earlier

    public init() {}
}

/// The map of the embeddings in the plane: the section `reduce`.
public struct ReduceSettings: OptionGroup {
    @Option(
        """
        The most photographs on the map, drawn at random where there are more; 0 for no map. Memory grows with their \
        square: 6000 take 300 MB.
        """, in: 0...20_000)
    public var photographs = 6000
    @Option("About how many neighbours a photograph keeps near (van der Maaten and Hinton, JMLR 2008).", in: 1...1000)
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

/// Small networks that turn the embedding of a top view into that of a flank, and back: the section `bridge`.
public struct AdapterSettings: OptionGroup {
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
