import Basics
import Options

extension Fit: OptionChoice {}

/// One network of the ensemble: an entry of `train.members`.
public struct MemberSettings: OptionGroup {
    @Option("Names the member in results, tables and `--set`: letters, digits, `-`, `_` and `.`.", required: true)
    public var name = "lite0"
    @Option("The architecture by timm's name; `whalebook backbones` lists them.", required: true)
    public var backbone = "tf_efficientnet_lite0"
    @Option(
        """
        What the backbone starts from: `none` draws it by the seed; else a safetensors file, or a published model such \
        as `hf-hub:timm/tf_efficientnet_lite0.in1k`; for a hybrid, one for each part.
        """)
    public var weights = MemberWeights.none
    @Option("The side of the network's square input, in pixels.", in: imageSizes)
    public var imageSize = 128
    @Option(
        """
        How a photograph fills the square. `stretch` distorts it; `letterbox` keeps all of it between black bars; `crop` \
        keeps the middle.
        """, silent: true)
    public var fit = Fit.stretch
    @Option("The member's weight in the mean of similarities that the ensemble ranks by.", in: .positive)
    public var weight = 1.0
    @Option(
        """
        The share of samples for which training skips the backbone's last block; earlier blocks are skipped less often \
        (Huang et al., ECCV 2016).
        """, in: 0...0.95)
    public var stochasticDepth = 0.0
    /// Its own pooling; nil for that of all.
    @Option("The member's own pooling; `shared` for `train.pooling`.", or: "shared", silent: true)
    public var pooling: PoolingSettings? = nil
    /// Its own neck; nil for that of all.
    @Option("The member's own neck; `shared` for `train.neck`.", or: "shared", silent: true)
    public var neck: NeckSettings? = nil
    /// Its own choice whether it is trained; nil for that of all.
    @Option("Whether this member is trained; `shared` for `train.kind`.", or: "shared", silent: true)
    public var train: MemberTraining? = nil
    /// Nil for all that the configuration has.
    @Option(
        "The folds that it is trained on, some of `split.fold`, where `search.join` is `folds`; `all` for every one.",
        in: 0...99, or: "all", silent: true)
    public var folds: [Int]? = nil

    /// Sides of a network's square input, pixels.
    public static let imageSizes = 32...2048

    public init() {}
}

/// A member's own section `train`.
public struct MemberTraining: OptionGroup {
    @Option("`metric-learning` or `none`, as in `train.kind`.")
    public var kind = TrainSettings.Kind.metricLearning

    public init() {}
}

/// What a member's backbone starts from: a file, or that of each part of a hybrid.
///
/// Each is told by `none`, a safetensors file, or a published model such as `hf-hub:timm/tf_efficientnet_lite0.in1k`.
public enum MemberWeights: OptionDocument {
    case whole(String)
    case parts(cnn: String, transformer: String)

    /// The form with parts.
    private struct Parts: OptionGroup {
        @Option("What the convolutional part of a hybrid starts from.")
        var cnn = unnamed
        @Option("What the transformer of a hybrid starts from.")
        var transformer = unnamed
    }

    /// Weights drawn by the seed.
    public static let none = whole(unnamed)
    /// What stands for no file.
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

    /// What is named, in the order of the parts; the part is nil for a whole.
    public var references: [(part: String?, text: String)] {
        switch self {
        case .whole(let text): [(nil, text)]
        case .parts(let cnn, let transformer): [("cnn", cnn), ("transformer", transformer)]
        }
    }

    /// The same with every text replaced, such as a reference by the path of its file.
    public func map(_ replace: (String) throws -> String) rethrows -> MemberWeights {
        switch self {
        case .whole(let text): .whole(try replace(text))
        case .parts(let cnn, let transformer): .parts(cnn: try replace(cnn), transformer: try replace(transformer))
        }
    }
}
