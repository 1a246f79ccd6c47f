import Basics
import Catalog
import Evaluation
import Results

/// Two values whose members stand side by side in one JSON object.
struct Joined<First: Codable, Second: Codable>: Codable {
    let first: First
    let second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    init(from decoder: any Decoder) throws {
        first = try First(from: decoder)
        second = try Second(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try first.encode(to: encoder)
        try second.encode(to: encoder)
    }
}

/// `node.…` below the name of every stage.
struct NodeValues: Codable {
    struct Values: Codable {
        let name: String
        let key: String
        let digest: String
        @OrNull private(set) var seconds: Double?
        @OrNull private(set) var startedAt: String?

        private enum CodingKeys: String, CodingKey {
            case name, key, digest, seconds
            case startedAt = "started_at"
        }
    }

    let node: Values

    init(_ node: ReportNode) {
        self.node = Values(
            name: node.name, key: node.key, digest: node.outputDigest, seconds: node.seconds, startedAt: node.startedAt)
    }
}

/// The inline values of a stage without a JSON file: only ``NodeValues``.
struct NoValues: Codable {}

/// `split.…`: counts of photographs and animals, in all and by role.
struct SplitValues: Codable {
    struct Part: Codable {
        let photographs: Int
        let animals: Int
        /// Animals without a training photograph.
        let unseenAnimals: Int

        private enum CodingKeys: String, CodingKey {
            case photographs, animals
            case unseenAnimals = "unseen_animals"
        }
    }

    let photographs: Int
    let animals: Int
    let train: Part
    let validation: Part
    let test: Part
    let none: Part
    /// The leaks in sentences; nil if they could not be counted.
    @OrNull private(set) var leaks: String?

    init(_ rows: [Split.Row], leaks: String?) {
        let trained = rows.filter { $0.role == .train }.animals
        func part(_ role: Role) -> Part {
            let own = rows.filter { $0.role == role }
            let animals = own.animals
            return Part(
                photographs: own.count, animals: animals.count, unseenAnimals: animals.subtracting(trained).count)
        }
        photographs = rows.count
        animals = rows.animals.count
        train = part(.train)
        validation = part(.validation)
        test = part(.test)
        none = part(.none)
        self.leaks = leaks
    }
}

/// `train.history.…`: the first, the last and the best epoch.
struct HistoryValues: Codable {
    struct Values: Codable {
        let epochs: Int
        @OrNull private(set) var first: Epoch?
        @OrNull private(set) var last: Epoch?
        @OrNull private(set) var best: Epoch?
        @OrNull private(set) var imagesPerSecond: Double?

        private enum CodingKeys: String, CodingKey {
            case epochs, first, last, best
            case imagesPerSecond = "images_per_second"
        }
    }

    struct Epoch: Codable {
        let epoch: Int
        let learningRate: Double
        let trainLoss: Double
        @OrNull private(set) var validationMAP: Double?
        let imagesPerSecond: Double
        let seconds: Double

        private enum CodingKeys: String, CodingKey {
            case epoch, seconds
            case learningRate = "learning_rate"
            case trainLoss = "train_loss"
            case validationMAP = "validation_map"
            case imagesPerSecond = "images_per_second"
        }

        init(_ epoch: History.Epoch) {
            self.epoch = epoch.number
            learningRate = epoch.learningRate
            trainLoss = epoch.trainLoss
            validationMAP = epoch.validationMAP
            imagesPerSecond = epoch.imagesPerSecond
            seconds = epoch.seconds
        }
    }

    let history: Values

    /// - Parameter history: Nil if a model was imported without it.
    init(_ history: History?) {
        self.history = Values(
            epochs: history?.epochs.count ?? 0, first: history?.epochs.first.map(Epoch.init),
            last: history?.epochs.last.map(Epoch.init), best: history?.best.map(Epoch.init),
            imagesPerSecond: history?.imagesPerSecond)
    }
}

/// `fuse.…`: `fusion.json` without the curves.
struct FusionValues: Codable {
    let parts: [Fusion.Part]
    let localParts: [Fusion.Part]
    let choices: [Fusion.Choice]
    let queries: Int
    let pairs: Int
    let positives: Int
    @OrNull private(set) var absence: String?

    private enum CodingKeys: String, CodingKey {
        case parts, choices, queries, pairs, positives, absence
        case localParts = "local_parts"
    }

    init(_ fusion: Fusion) {
        parts = fusion.parts
        localParts = fusion.localParts
        choices = fusion.choices
        queries = fusion.queries
        pairs = fusion.pairs
        positives = fusion.positives
        absence = fusion.absence
    }
}

/// `evaluate.…` in addition to `evaluation.json`: counts of `queries.csv`, differences, and the run in one line.
struct EvaluateValues: Codable {
    struct Counts: Codable {
        let queries: Int
        let animals: Int
        let answerable: Int
        let unanswerable: Int
        let hit: Int
        let hitFirst: Int
        let missed: Int
        let perfect: Int

        private enum CodingKeys: String, CodingKey {
            case queries, animals, answerable, unanswerable, hit, missed, perfect
            case hitFirst = "hit_first"
        }

        init(_ rows: [QueryRow]) {
            queries = rows.count
            animals = Set(rows.map(\.whaleID)).subtracting([""]).count
            answerable = rows.count { $0.relevant > 0 }
            unanswerable = rows.count { $0.relevant == 0 }
            hit = rows.count { $0.firstHitRank != nil }
            hitFirst = rows.count { $0.firstHitRank == 1 }
            missed = rows.count { $0.relevant > 0 && $0.firstHitRank == nil }
            perfect = rows.count { $0.relevant > 0 && $0.averagePrecision >= 1 }
        }
    }

    /// Differences in mAP@20.
    struct Gains: Codable {
        @OrNull private(set) var training: Double?
        @OrNull private(set) var expansion: Double?
    }

    let counts: Counts
    let headline: String
    let gains: Gains
    let findings: EvaluationFindings

    init(_ evaluation: EvaluationResult, _ rows: [QueryRow]) {
        func difference(_ after: Summary?, _ before: Summary?) -> Double? {
            guard let after, let before else { return nil }
            return after.map - before.map
        }
        counts = Counts(rows)
        headline = Headline(evaluation).text
        findings = EvaluationFindings(evaluation, rows)
        gains = Gains(
            training: difference(evaluation.pooled.summary, evaluation.untrained?.summary),
            expansion: difference(evaluation.expanded.after, evaluation.expanded.before))
    }
}
