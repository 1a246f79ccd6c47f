import Basics
import Configuration

/// `method.…`: the system of the present configuration, in words.
struct MethodValues: Codable {
    /// What ranks the photographs, in a sentence.
    let approach: String
    /// The backbones with their input sizes.
    let network: String
    /// What the backbones' weights are before training.
    let weights: String
    /// Epochs, batch, optimiser and precision.
    let training: String
    /// The learning rate over the epochs.
    let rate: String
    /// The random changes of photographs in training.
    let augmentation: String
    let pooling: String
    /// What the pooling does, in a sentence; empty for the mean.
    let poolingReason: String
    /// The layers from the pooled features to the embedding.
    let neck: String
    /// The classifier that trains the network.
    let head: String
    /// What its margin does, in a sentence; empty without a margin.
    let headReason: String
    let loss: String
    /// What the focal loss does, in a sentence; empty for another loss.
    let lossReason: String
    /// Mirror images in training.
    let mirrors: String
    /// How marks are matched.
    let marks: String
    /// By what the database is ranked.
    let ranking: String
    /// The steps of query extension and re-ranking.
    let `extension`: String
    /// What the split keeps whole.
    let split: String
    /// Which ideas of the 3rd place no run has tried, in a sentence.
    let untried: String

    private enum CodingKeys: String, CodingKey {
        case approach, network, weights, training, rate, augmentation, pooling, neck, head, loss, mirrors, marks,
            ranking
        case `extension`, split, untried
        case poolingReason = "pooling_reason"
        case headReason = "head_reason"
        case lossReason = "loss_reason"
    }

    init(_ inputs: ReportInputs) {
        let configuration = inputs.configuration
        func text(_ path: String) -> String? { configuration[path: path]?.string }
        func number(_ path: String) -> Double? { configuration[path: path]?.double }
        func short(_ path: String) -> String { number(path).map(NumberText.shortest) ?? "unknown" }
        func kind(_ section: String) -> String {
            text("\(section).kind").map { OptionWords.kind(section, $0) } ?? "unknown"
        }
        let members = inputs.train?.members ?? []
        network =
            members.isEmpty
            ? "imported embeddings"
            : members.map { "\($0.backbone) on photographs of \($0.imageSize) pixels" }.joined(separator: "; ")
        let starts = members.map { member in
            member.weights.references.allSatisfy { $0.text == MemberWeights.unnamed } ? "random" : "published"
        }
        weights =
            Set(starts).count > 1
            ? zip(members, starts).map { "\($0.name) \($1)" }.joined(separator: ", ") : starts.first ?? "unknown"
        let isTrained = text("train.kind") != "none"
        training =
            isTrained
            ? "\(short("train.schedule.epochs")) epochs, in batches of \(short("train.batch-size")) photographs, with "
                + kind("train.optimizer") + (text("precision").map { ", in \($0)" } ?? "")
            : "no training"
        rate = isTrained ? Self.rate(number, isWriteUp: text("train.schedule.kind") == "write-up") : "none"
        augmentation = Self.augmentation(number)
        let isMean = text("train.pooling.kind") == "gem"
        let exponent =
            configuration[path: "train.pooling.learned"] == .bool(true)
            ? "with a learned exponent" : "with exponent \(short("train.pooling.p"))"
        pooling = kind("train.pooling") + (isMean ? " \(exponent)" : "")
        poolingReason =
            ["gem", "two-stage-gem"].contains(text("train.pooling.kind"))
            ? "It gives strong features more weight than a mean would." : ""
        neck = Self.neck(inputs.train)
        let margin = number("train.head.margin").map { ", margin \(NumberText.shortest($0)) radians" } ?? ""
        head =
            kind("train.head") + margin
            + (number("train.head.scale").map { ", scale \(NumberText.shortest($0))" } ?? "")
        headReason =
            ["arcface", "sub-centre"].contains(text("train.head.kind"))
            ? "Its margin is between angles, which is what the search compares." : ""
        let isFocal = text("train.loss.kind") == "focal"
        let unit = text("train.loss.reduction") == "batch" ? Self.batch : "each photograph"
        loss = kind("train.loss") + (isFocal ? " with γ \(short("train.loss.gamma")) on \(unit)" : "")
        lossReason =
            isFocal
            ? "It gives \(unit == Self.batch ? "batches" : "photographs") that are still hard more weight." : ""
        mirrors =
            switch text("train.augment.flip") {
            case "same": "counted as the same animal"
            case "new": "counted as another animal"
            default: "none"
            }
        let matches = text("match.kind").map { $0 != "off" } ?? false
        approach = Self.approach(inputs.train, matches: matches)
        marks = matches ? Self.marks(kind("match"), number) : "not matched"
        ranking =
            matches
            ? "the mean of probabilities, one from each score, that both photographs show one animal"
            : "the cosine of its embedding to that of the query"
        let steps = configuration["expand"]?.array ?? []
        self.extension = steps.isEmpty ? "none" : steps.map(Self.step).joined(separator: ", then ")
        split = kind("split")
        untried = Self.untried([configuration] + (inputs.ledger?.runs ?? []).map(\.configuration))
    }

    /// Which ideas of the 3rd place none of the configurations uses.
    private static func untried(_ configurations: [JSONValue]) -> String {
        func uses(_ path: String, _ values: [String]) -> Bool {
            configurations.contains { $0[path: path]?.string.map(values.contains) == true }
        }
        // A hybrid's name has its CNN after the transformer.
        let hasHybrid = configurations.contains { configuration in
            configuration[path: "train.members"]?.array?.contains { member in
                member["backbone"]?.string?.contains("_tf_efficientnet") == true
            } == true
        }
        let augmentsDatabase = configurations.contains { configuration in
            configuration["expand"]?.array?.contains { $0["kind"]?.string == "database-augmentation" } == true
        }
        let ideas = [
            ("DOLG pooling", uses("train.pooling.kind", ["dolg"])),
            ("sub-centre ArcFace", uses("train.head.kind", ["sub-centre"])),
            ("a margin for each animal", uses("train.head.margin-rule", ["power", "range"])),
            ("hybrids of a CNN and Swin", hasHybrid),
            ("database augmentation", augmentsDatabase),
        ]
        let rest = ideas.filter { !$0.1 }.map(\.0)
        return rest.isEmpty
            ? "Every idea that the 3rd place tried was tried here, too."
            : "No run here used these ideas of the 3rd place: \(rest.listed())."
    }

    private static let batch = "the mean of the batch"

    private static func approach(_ train: TrainSettings?, matches: Bool) -> String {
        let members = train?.members ?? []
        let isTrained = members.contains { train?.trains($0) == true }
        let networks =
            switch (members.count, isTrained) {
            case (0, _): "imported embeddings compare"
            case (1, true): "a network that learned to distinguish animals compares"
            case (1, false): "a published network compares"
            case (_, true): "networks that learned to distinguish animals compare"
            case (_, false): "published networks compare"
            }
        let marks = matches ? ", and marks of the skin are matched one by one" : ""
        return "\(networks.capitalisingFirst) photographs as a whole\(marks)."
    }

    /// The neck of each trained member; others have none.
    private static func neck(_ train: TrainSettings?) -> String {
        let necks = train.map { train in train.members.filter(train.trains).map { train.applied(to: $0).neck } } ?? []
        let words = necks.map { neck in
            let layers = "a linear layer to \(NumberText.thousands(Double(neck.embedding))) numbers, then batch norm"
            return neck.dropout > 0
                ? "dropout of \(NumberText.percent(neck.dropout, 0)), then \(layers)" : "\(layers), without dropout"
        }
        let different = words.enumerated().filter { !words[..<$0.offset].contains($0.element) }.map(\.element)
        return different.isEmpty ? "none" : different.joined(separator: "; or ")
    }

    private static func augmentation(_ number: (String) -> Double?) -> String {
        func change(_ option: String, _ words: (Double) -> String) -> String? {
            number("train.augment.\(option)").flatMap { $0 > 0 ? words($0) : nil }
        }
        func share(_ option: String) -> String? {
            change(option) { "\(option) by up to \(NumberText.percent($0, 0))" }
        }
        let crop = change("crop") { $0 < 1 ? "a crop to \(NumberText.percent($0, 0)) or more of the area" : "" }
        let quality = change("jpeg-quality") {
            $0 < 100 ? "JPEG compression to a quality from \(NumberText.shortest($0))" : ""
        }
        let parts = [
            quality, crop, share("brightness"), share("contrast"),
            // The option counts steps of two degrees.
            change("hue") { "hue by up to \(NumberText.shortest(2 * $0))°" },
            change("saturation") { "saturation by up to \(NumberText.percent($0 / 255, 0))" }, share("shift"),
            share("scale"), change("rotate") { "rotation by up to \(NumberText.shortest($0))°" },
            change("cutout") { "a black square, \(NumberText.percent($0, 0)) of the side, on half of the photographs" },
        ].compactMap(\.self).filter { !$0.isEmpty }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    private static func rate(_ number: (String) -> Double?, isWriteUp: Bool) -> String {
        func short(_ option: String) -> String { number("train.\(option)").map(NumberText.shortest) ?? "unknown" }
        let (neck, backbone) = (short("optimizer.learning-rate"), short("optimizer.backbone-learning-rate"))
        let layers = neck == backbone ? "\(neck) for all layers" : "\(neck), for the backbone \(backbone)"
        let warmup = number("train.schedule.warmup-epochs").flatMap { $0 > 0 ? Int($0) : nil }
        let rise = warmup.map { " after \(NumberText.counted($0, "epoch", "epochs")) of warm-up" } ?? ""
        return isWriteUp
            ? "\(layers), rising tenfold and then falling by a cosine" : "\(layers), falling by a cosine\(rise)"
    }

    private static func marks(_ keypoints: String, _ number: (String) -> Double?) -> String {
        func count(_ option: String) -> String { number("match.\(option)").map(NumberText.thousands) ?? "unknown" }
        return """
            \(keypoints), at most \(count("keypoints")) on a photograph. A pair scores by the marks that both have and others \
            lack (local naive Bayes nearest neighbour, LNBNN). On the \(count("verified")) best pairs of a query, an affine \
            map checks that they lie in the same arrangement (geometric consistency)
            """
    }

    private static func step(_ step: JSONValue) -> String {
        let count = step["neighbours"]?.double.map { NumberText.shortest($0) } ?? "its"
        switch step["kind"]?.string {
        case "alpha-qe":
            let power = step["alpha"]?.double.map { " to the power \(NumberText.shortest($0))" } ?? ""
            return
                "the query becomes a mean of itself and its \(count) nearest photographs, each weighted by its similarity"
                + power
        case "average-qe": return "the query becomes the mean of itself and its \(count) nearest photographs"
        case "database-augmentation": return "each database photograph becomes a mean with its \(count) nearest"
        case "k-reciprocal": return "re-ranking by reciprocal neighbours"
        case "power": return "re-ranking by powers of similarities"
        default: return "an unknown step"
        }
    }
}
