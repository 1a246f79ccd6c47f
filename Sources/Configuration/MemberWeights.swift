/// What a member's backbone starts from: a file, or that of each part of a hybrid.
///
/// Each is told by `none`, a safetensors file, or a published model such as `hf-hub:timm/tf_efficientnet_lite0.in1k`.
public enum MemberWeights: Sendable, Equatable {
    case whole(String)
    case parts(cnn: String, transformer: String)

    /// Weights drawn by the seed.
    public static let none = whole(unnamed)
    /// What stands for no file.
    public static let unnamed = "none"

    /// What is named, in the order of the parts; the part is nil for a whole.
    public var references: [(part: String?, text: String)] {
        switch self {
        case .whole(let text): [(nil, text)]
        case .parts(let cnn, let transformer):
            [(CodingKeys.cnn.rawValue, cnn), (CodingKeys.transformer.rawValue, transformer)]
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

extension MemberWeights: Codable {
    /// The options of the form with parts.
    enum CodingKeys: String, CodingKey, CaseIterable { case cnn, transformer }

    /// Reads one text, or the two parts.
    public init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .whole(text)
            return
        }
        let parts = try decoder.container(keyedBy: CodingKeys.self)
        self = .parts(
            cnn: try parts.decode(String.self, forKey: .cnn),
            transformer: try parts.decode(String.self, forKey: .transformer))
    }

    /// Writes the form that ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .whole(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .parts(let cnn, let transformer):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(cnn, forKey: .cnn)
            try container.encode(transformer, forKey: .transformer)
        }
    }
}
