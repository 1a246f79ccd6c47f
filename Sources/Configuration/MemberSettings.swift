import Basics
import Options

extension Fit: OptionChoice {}

/// One network of the ensemble: an entry of `train.members`.
public struct MemberSettings: OptionGroup {
    @Option("The member's name in results, tables and `--set`: letters, digits, `-`, `_` and `.`.", required: true)
    public var name = "lite0"
    @Option("The architecture's name in timm; `whalebook backbones` lists them.", required: true)
    public var backbone = "tf_efficientnet_lite0"
    @Option(
        """
        The backbone's initial weights: `none` for random ones, a safetensors file, or a published model such as \
        `hf-hub:timm/tf_efficientnet_lite0.in1k`; for a hybrid, one of these for each part.
        """)
    public var weights = MemberWeights.none
    @Option("The side of the network's square input, in pixels.", in: imageSizes)
    public var imageSize = 128
    @Option(
        """
        How a photograph fills the square. `stretch` distorts it; `letterbox` shows all of it between black bars; \
        `crop` keeps the middle.
        """, silent: true)
    public var fit = Fit.stretch
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

    public init() {}
}

/// A member's own section `train`.
public struct MemberTraining: OptionGroup {
    @Option("`metric-learning` or `none`, as in `train.kind`.")
    public var kind = TrainSettings.Kind.metricLearning

    public init() {}
}

/// The initial weights of a member's backbone: one reference, or one for each part of a hybrid.
///
/// A reference is `none`, a safetensors file, or a published model such as `hf-hub:timm/tf_efficientnet_lite0.in1k`.
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
