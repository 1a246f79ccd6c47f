import Basics
import Catalog
import Options

/// Every option of whalebook.yaml; each is declared at the property that it sets.
public struct Settings: OptionGroup {
    @Option(
        """
        The folder of photographs, or a section that also gives its layout. Results depend on the files' contents, not \
        on the path.
        """)
    public var data = DataSettings()
    @Option(
        """
        Whether unreadable photographs are left out, which reports mention; otherwise one of them stops the run. \
        `--skip-broken` has the same effect.
        """, named: "skip-broken", silent: true)
    public var skipsBroken = false
    @Option(
        """
        Where networks run; `auto` uses a graphics card if there is one, `cuda` any card, and `cuda:1` the second one. \
        Results of networks become stale if they ran on the processor and now run on a card, or the other way.
        """)
    public var device = DeviceChoice.auto
    @Option(
        """
        The precision of a backbone's convolutions, linear layers and attention; weights, statistics of norms, \
        pooling, neck, head and loss stay `float32`. `float16` needs a graphics card. Results of networks in another \
        precision become stale.
        """)
    public var precision = Precision.float32
    @Option("The seeds of training; every member is trained once for each.", in: 0...(1 << 53))
    public var seeds = [1]
    /// Nil for the scenarios that ship with the data, or else the automatic ones.
    @Option(
        """
        The queries and their databases. `auto` reads the folder's `query_scenarios.csv`, or else builds scenarios \
        like the competition's from the metadata; a list of rules builds others.
        """, or: "auto")
    public var scenarios: [ScenarioRule]? = nil
    @Option("How photographs are split into training, validation and test.", named: "split")
    var splitting = SplitSection()
    @Option("How models are trained.", named: "train")
    var training = TrainSection()
    @Option("How photographs become embeddings.")
    public var embed = EmbedSettings()
    @Option("Small networks that map the embeddings of one view to those of another.", silent: true)
    public var bridge = AdapterSettings()
    @Option("What else than the animal the networks recognise.", silent: true)
    public var background = BackgroundSettings()
    @Option("How photographs are ranked, by exact cosine similarity.")
    public var search = SearchSettings()
    @Option("How marks are matched with marks, and joined with the networks' similarity.", silent: true)
    public var match = MatchSettings()
    @Option(
        "Steps of query extension and re-ranking, applied in order; `[]` for none.",
        as: .list(ExpansionSettings.optionKind, allowsEmpty: true))
    public var expand = [ExpansionSettings()]
    @Option("The values of query extension to try on the validation queries; every pair is measured.")
    public var sweep = SweepSettings()
    @Option("Heat maps of what makes two photographs similar.")
    public var explain = ExplainSettings()
    @Option("The map of the embeddings in the plane, by t-SNE.")
    public var reduce = ReduceSettings()
    @Option("How results are measured.")
    public var evaluate = EvaluateSettings()

    public init() {}

    public var split: SplitSettings { splitting.rule }
    /// The folds that are used for validation in turn: `split.fold`.
    public var folds: [Int] { splitting.fold.folds(of: split.folds) }
    public var train: TrainSettings { training.settings }
    public var checkpoints: CheckpointSettings { training.checkpoints }

    /// Replaces the members of the ensemble.
    mutating func replace(members: [MemberSettings]) { training.settings.members = members }
}

/// The section `split`: a rule, and the fold for validation.
struct SplitSection: OptionGroup {
    var rule = SplitSettings()
    @Option(
        """
        The fold for validation: a number from 0, several in brackets, or `all`. Every member and seed is trained once \
        for each fold, so adding a fold trains only that one.
        """)
    var fold = FoldChoice.some([0])
}

/// The section `train`: what determines a model, and how its training continues after an interruption.
struct TrainSection: OptionGroup {
    var settings = TrainSettings()
    @Option("How an interrupted training continues, to the same bytes; changes no result.")
    var checkpoints = CheckpointSettings()
}

/// One fold, several or all.
enum FoldChoice: OptionDocument {
    case some([Int])
    case all

    static let optionKind = OptionKind.either(
        .integer(0...99), .either([Int].optionKind(in: 0...99), .choice(["all"])))

    init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self =
            json == "all"
            ? .all : .some(try json.integer.map { [$0] } ?? [Int](optionJSON: json, at: path))
    }

    var optionJSON: JSONValue {
        switch self {
        case .some(let folds): folds.count == 1 ? folds[0].optionJSON : folds.optionJSON
        case .all: "all"
        }
    }

    /// The chosen folds of a number of folds.
    func folds(of count: Int) -> [Int] {
        switch self {
        case .some(let folds): folds
        case .all: Array(0..<count)
        }
    }
}

/// The precision of a backbone's arithmetic.
public enum Precision: String, OptionChoice {
    case float32
    /// The range of float32 with 8 bits of precision.
    case bfloat16
    /// 11 bits of precision within ±65504, for graphics cards: on a CPU it is slow or missing.
    case float16
}

extension ClosedRange<Int> {
    /// The range of counts.
    static let count = 1...1_000_000
}

extension ClosedRange<Double> {
    static let share = 0.0...1.0
    static let positive = 0.0...1e9
}

extension Settings {
    /// The most models that one configuration trains.
    private static let mostModels = 10_000

    /// The contradictions between options.
    func problems(in path: String) -> ProblemList {
        var problems = ProblemList()
        func check(_ holds: Bool, _ problem: String, _ remedy: String) {
            if !holds { problems.add(path, problem, remedy) }
        }
        if case .listed(let patterns) = data.patterns {
            for error in patterns.compactMap(\.flaw) { check(false, "'data.patterns': \(error.problem)", error.remedy) }
        }
        let names = train.members.map(\.name)
        check(Set(names).count == names.count, "two members of the ensemble share a name", "Give each its own name.")
        let remedy = "Use only letters, digits, '-', '_' and '.', and begin with a letter or digit."
        check(names.allSatisfy(\.isPlainName), "a member's name cannot be a file name", remedy)
        let asked = scenarios?.map(\.name) ?? []
        check(Set(asked).count == asked.count, "two scenarios share a name", "Give each its own name.")
        check(asked.allSatisfy(\.isPlainName), "a scenario's name cannot be a file name", remedy)
        check(
            precision != .float16 || device != .cpu, "precision float16 needs a graphics card, but device is cpu",
            "Write precision: bfloat16, or device: cuda.")
        check(Set(seeds).count == seeds.count, "'seeds' has a number twice", "List each number once.")
        check(Set(folds).count == folds.count, "'split.fold' has a number twice", "List each number once.")
        let models = train.members.count * seeds.count * folds.count
        check(
            models <= Self.mostModels, "members, seeds and folds make \(models) models",
            "Configure at most \(Self.mostModels).")
        if let fold = folds.first(where: { $0 >= split.folds }) {
            check(
                false, "split.fold is \(fold) but there are \(split.folds) folds", "Choose 0 to \(split.folds - 1)."
            )
        }
        for member in train.members {
            let foreign = (member.folds ?? []).filter { !folds.contains($0) }
            check(
                foreign.isEmpty, "the member \(quoted: member.name) names folds that are not trained: \(foreign)",
                "Add them to split.fold.")
            check(
                member.folds == nil || search.join == .folds,
                "the member \(quoted: member.name) is not in all folds, so each fold has a different ensemble",
                "Write search.join: folds for one ensemble of all folds, or remove the member's folds.")
        }
        for member in train.members {
            for (name, values) in [("mean", member.mean), ("deviation", member.deviation)] {
                check(
                    values.map { $0.count == 3 } ?? true,
                    "the \(name) of the member \(quoted: member.name) has \(values?.count ?? 0) numbers",
                    "Give one for red, one for green and one for blue.")
            }
            if case .parts = member.weights {
                check(
                    !member.isPublished,
                    "the member \(quoted: member.name) has weights for parts, but its backbone is a published model",
                    "Remove the weights, or name a hybrid of 'whalebook backbones'.")
            }
        }
        let untrained = train.members.filter { !train.trains($0) }
        for member in untrained where !member.isPublished {
            guard case .whole(let weights) = member.weights, weights != MemberWeights.unnamed else {
                check(
                    false, "the member \(quoted: member.name) is not trained and has no weights for its whole backbone",
                    "Give it weights: a file or hf-hub:timm/NAME; or choose a published model as backbone, or train it."
                )
                continue
            }
        }
        check(
            untrained.count < train.members.count || seeds.count == 1,
            "'seeds' has \(seeds.count) numbers, but no member is trained, so seeds change nothing",
            "Keep one seed, or train a member.")
        check(
            train.schedule.warmupEpochs < train.schedule.epochs,
            "train.schedule warms up for \(train.schedule.warmupEpochs) of \(train.schedule.epochs) epochs",
            "Warm up for fewer epochs.")
        check(
            train.sampler.kind != .balanced || train.batchSize.isMultiple(of: train.sampler.images),
            "train.batch-size \(train.batchSize) is not a multiple of train.sampler.images "
                + "\(train.sampler.images)", "Make it a multiple.")
        if let early = expand.dropLast().first(where: \.kind.ranks) {
            check(
                false, "'expand' has steps after \(quoted: early.kind.rawValue), which must come last",
                "Move it to the end, and keep only one of power and k-reciprocal.")
        }
        check(
            !match.isOn || !expand.contains { $0.kind.ranks },
            "'match' joins similarities, but power and k-reciprocal in 'expand' give none",
            "Remove the re-ranking, or write match: {kind: off}.")
        check(
            Set(sweep.neighbours).count == sweep.neighbours.count && Set(sweep.alpha).count == sweep.alpha.count,
            "'sweep' has a number twice", "List each number once.")
        let head = train.head
        check(
            head.marginLow <= head.marginHigh,
            "train.head.margin-low is \(head.marginLow) but margin-high is \(head.marginHigh)", "Swap them.")
        let most = head.marginFactor + head.marginOffset
        check(
            most <= HeadSettings.angles.upperBound,
            "train.head.margin-factor and margin-offset give an animal with one photograph a margin of \(most)",
            "Keep their sum within \(HeadSettings.angles.upperBound) radians.")
        return problems
    }
}

extension String {
    fileprivate var isPlainName: Bool {
        first.map { $0.isLetter || $0.isNumber } == true
            && allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }
}
