import Basics
import Configuration

/// `method.…`: the system of the present configuration, in words.
struct MethodValues: Codable {
    /// The backbones with their input sizes.
    let network: String
    /// What the backbones' weights are before training.
    let weights: String
    /// Epochs, batch and optimiser.
    let training: String
    /// The learning rate over the epochs.
    let rate: String
    /// What is done to photographs in training.
    let augmentation: String
    let pooling: String
    /// The classifier that trains the network.
    let head: String
    let loss: String
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
                + kind("train.optimizer")
            : "no training"
        rate = isTrained ? Self.rate(number, isWriteUp: text("train.schedule.kind") == "write-up") : "none"
        augmentation = Self.augmentation(number)
        let isMean = text("train.pooling.kind") == "gem"
        let exponent =
            configuration[path: "train.pooling.learned"] == .bool(true)
            ? "with a learned exponent" : "with exponent \(short("train.pooling.p"))"
        pooling = kind("train.pooling") + (isMean ? " \(exponent)" : "")
        let margin = number("train.head.margin").map { ", margin \(NumberText.shortest($0)) radians" } ?? ""
        head =
            kind("train.head") + margin
            + (number("train.head.scale").map { ", scale \(NumberText.shortest($0))" } ?? "")
        let isFocal = text("train.loss.kind") == "focal"
        let unit = text("train.loss.reduction") == "batch" ? "the mean of the batch" : "each photograph"
        loss = kind("train.loss") + (isFocal ? " with γ \(short("train.loss.gamma")) on \(unit)" : "")
        mirrors =
            switch text("train.augment.flip") {
            case "same": "counted as the same animal"
            case "new": "counted as another animal"
            default: "none"
            }
        let matches = text("match.kind").map { $0 != "off" } ?? false
        marks = matches ? Self.marks(kind("match"), number) : "not matched"
        ranking =
            matches
            ? "the mean of probabilities, one from each score, that both photographs show one animal"
            : "the cosine of its embedding to that of the query"
        let steps = configuration["expand"]?.array ?? []
        self.extension = steps.isEmpty ? "none" : steps.map(Self.step).joined(separator: ", then ")
        split = kind("split")
    }

    private static func augmentation(_ number: (String) -> Double?) -> String {
        func share(_ option: String, _ words: (String) -> String) -> String? {
            number("train.augment.\(option)").flatMap { $0 > 0 ? words(NumberText.percent($0, 0)) : nil }
        }
        let turned = number("train.augment.rotate").flatMap {
            $0 > 0 ? "turned by up to \(NumberText.shortest($0))°" : nil
        }
        let parts = [
            share("shift") { "shifted by up to \($0)" }, share("scale") { "resized by up to \($0)" }, turned,
            share("brightness") { "changed in brightness by up to \($0)" },
            share("contrast") { "changed in contrast by up to \($0)" },
            share("cutout") { "partly covered with probability \($0)" },
        ].compactMap(\.self)
        return parts.isEmpty ? "not changed" : parts.joined(separator: ", ")
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
