import Basics
import Options

extension Fit: OptionChoice {}
extension Interpolation: OptionChoice {}
extension PooledFeatures: OptionChoice {}

/// One network of the ensemble: an entry of `train.members`.
public struct MemberSettings: OptionGroup {
    @Option("The member's name in results, tables and `--set`: letters, digits, `-`, `_` and `.`.", required: true)
    public var name = "lite0"
    @Option(
        """
        The architecture's name in timm, which `whalebook backbones` lists; or a published model, \
        `hf-hub:OWNER/NAME` or a folder with its files, whose `config.json` settles the architecture, the weights and \
        the form of the input.
        """, required: true)
    public var backbone = "tf_efficientnet_lite0"
    @Option(
        """
        The backbone's initial weights: `none` for random ones, or those of a published model; a safetensors file or a \
        checkpoint of PyTorch; or a model such as `hf-hub:timm/tf_efficientnet_lite0.in1k`; for a hybrid, one of these \
        for each part.
        """)
    public var weights = MemberWeights.none
    /// Nil for the published model's, or else ``usualImageSize``.
    @Option(
        "The side of the network's square input, in pixels; `auto` is that of a published model, and 128 for others.",
        in: imageSizes, or: "auto", named: "image-size")
    public var side: Int? = nil
    /// Nil for the published model's, or else to stretch.
    @Option(
        """
        How a photograph fills the square. `stretch` distorts it; `letterbox` shows all of it between black bars; \
        `crop` keeps the middle; `auto` does what a published model states, and stretches for others.
        """, or: "auto", named: "fit", silent: true)
    public var chosenFit: Fit? = nil
    /// Nil for the published model's, or else 1.
    @Option(
        """
        The share of the fitted photograph's sides that is visible, in the middle; `auto` is that of a published model, \
        and all of it for others.
        """, in: 0.1...1, or: "auto", when: OptionCondition(option: "fit", choices: ["auto", "stretch", "crop"]),
        silent: true)
    public var cropShare: Double? = nil
    /// Nil for the published model's, or else bilinear.
    @Option(
        "How a photograph is resized for inference; `auto` is that of a published model, and `bilinear` for others.",
        or: "auto", silent: true)
    public var interpolation: Interpolation? = nil
    /// Nil for those that the published weights expect.
    @Option(
        """
        The means of red, green and blue, from 0 to 1, that the weights expect to be subtracted; `auto` is what a \
        published model or timm states.
        """, in: 0...1, or: "auto", silent: true)
    public var mean: [Double]? = nil
    /// Nil for those that the published weights expect.
    @Option(
        "The standard deviations that the weights expect as divisors; `auto` is what a published model or timm states.",
        in: 0.001...10, or: "auto", silent: true)
    public var deviation: [Double]? = nil
    /// Nil for those of the published network.
    @Option(
        """
        The backbone's features if the member is not trained: `token` is the class token of a vision transformer, \
        `average` the mean of the last map, `auto` what the published network gives its classifier.
        """, or: "auto", silent: true)
    public var features: PooledFeatures? = nil
    @Option("The member's weight in the ensemble's mean similarity.", in: .positive)
    public var weight = 1.0
    @Option(
        """
        The probability that training skips the backbone's last block for a photograph; earlier blocks are skipped \
        less often (Huang et al., ECCV 2016).
        """, in: 0...0.95)
    public var stochasticDepth = 0.0
    /// Its own pooling; nil for the shared one.
    @Option("The member's own pooling; `shared` uses `train.pooling`.", or: "shared", silent: true)
    public var pooling: PoolingSettings? = nil
    /// Its own neck; nil for the shared one.
    @Option("The member's own neck; `shared` uses `train.neck`.", or: "shared", silent: true)
    public var neck: NeckSettings? = nil
    /// Whether it is trained; nil for the shared choice.
    @Option("Whether this member is trained; `shared` uses `train.kind`.", or: "shared", silent: true)
    public var train: MemberTraining? = nil
    /// Nil for all folds of the configuration.
    @Option(
        "The folds of `split.fold` that it is trained on, if `search.join` is `folds`; `all` for every fold.",
        in: 0...99, or: "all", silent: true)
    public var folds: [Int]? = nil

    /// The range of the side of a network's square input, pixels.
    public static let imageSizes = 32...2048
    private static let usualImageSize = 128

    public init() {}
}

extension MemberSettings {
    /// The member that the options of a command name, outside a configuration; nil chooses as `auto` does.
    public init(backbone: String, weights: String? = nil, imageSize: Int? = nil, fit: Fit? = nil) {
        self.init()
        name = "backbone"
        self.backbone = backbone
        self.weights = weights.map(MemberWeights.whole) ?? .none
        side = imageSize
        chosenFit = fit
    }

    /// The side of the network's square input, pixels.
    public var imageSize: Int {
        get { side ?? Self.usualImageSize }
        set { side = newValue }
    }

    /// How a photograph fills the square.
    public var fit: Fit {
        get { chosenFit ?? .stretch }
        set { chosenFit = newValue }
    }

    /// Whether the backbone is a published model, of a hub or in a folder, and not an architecture's name.
    public var isPublished: Bool { backbone.contains("/") || backbone.hasPrefix("hf-hub:") }

    /// The same member with every choice `auto` replaced by its value, in the one form that keys contain: values that
    /// were used before an option existed are left out.
    ///
    /// A published model's choices must have been replaced before.
    public var settled: MemberSettings {
        var member = self
        member.side = imageSize
        member.chosenFit = fit == .stretch ? nil : fit
        member.cropShare = cropShare == 1 ? nil : cropShare
        member.interpolation = interpolation == .bilinear ? nil : interpolation
        return member
    }
}

/// A member's own section `train`.
public struct MemberTraining: OptionGroup {
    @Option("`metric-learning` or `none`, as in `train.kind`.")
    public var kind = TrainSettings.Kind.metricLearning

    public init() {}
}

/// The initial weights of a member's backbone: one reference, or one for each part of a hybrid.
///
/// A reference is `none`, a file of weights, or a published model such as `hf-hub:timm/tf_efficientnet_lite0.in1k`.
public enum MemberWeights: OptionDocument {
    case whole(String)
    case parts(cnn: String, transformer: String)

    /// The form with parts.
    private struct Parts: OptionGroup {
        @Option("The initial weights of a hybrid's convolutional part.")
        var cnn = unnamed
        @Option("The initial weights of a hybrid's transformer.")
        var transformer = unnamed
    }

    /// Random weights, drawn from the seed.
    public static let none = whole(unnamed)
    /// The reference for random weights.
    public static let unnamed = "none"

    public static let optionKind = OptionKind.either(.text, Parts.optionKind)

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        if let text = json.string {
            self = .whole(text)
        } else {
            let parts = try Parts(optionJSON: json, at: path)
            self = .parts(cnn: parts.cnn, transformer: parts.transformer)
        }
    }

    public var optionJSON: JSONValue {
        switch self {
        case .whole(let text): .string(text)
        case .parts(let cnn, let transformer):
            Parts {
                $0.cnn = cnn
                $0.transformer = transformer
            }.optionJSON
        }
    }

    /// The references, in the order of the parts; the part is nil for a whole backbone.
    public var references: [(part: String?, text: String)] {
        switch self {
        case .whole(let text): [(nil, text)]
        case .parts(let cnn, let transformer): [("cnn", cnn), ("transformer", transformer)]
        }
    }

    /// The weights with every reference replaced, such as by the path of its file.
    public func map(_ replace: (String) throws -> String) rethrows -> MemberWeights {
        switch self {
        case .whole(let text): .whole(try replace(text))
        case .parts(let cnn, let transformer): .parts(cnn: try replace(cnn), transformer: try replace(transformer))
        }
    }
}
