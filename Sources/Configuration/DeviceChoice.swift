import Basics
import Options

/// The device of tensors.
public enum DeviceChoice: OptionDocument, Hashable, RawRepresentable {
    /// A graphics card if there is one.
    case auto
    case cpu
    /// A graphics card, counted from 0; nil for any.
    case card(Int?)

    /// The name of graphics cards.
    public static let cards = "cuda"
    private static let names = ["auto", "cpu", cards]
    private static let mostCards = 64

    /// Reads `auto`, `cpu`, `cuda` or `cuda:1`; nil for any other text.
    public init?(rawValue: String) {
        switch rawValue {
        case "auto": self = .auto
        case "cpu": self = .cpu
        case Self.cards: self = .card(nil)
        default:
            let parts = rawValue.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == Self.cards, parts[1].allSatisfy(\.isASCII),
                let number = Int(parts[1]), (0..<Self.mostCards).contains(number), "\(number)" == parts[1]
            else { return nil }
            self = .card(number)
        }
    }

    public var rawValue: String {
        switch self {
        case .auto: "auto"
        case .cpu: "cpu"
        case .card(let number): number.map { "\(Self.cards):\($0)" } ?? Self.cards
        }
    }

    public static var optionKind: OptionKind { .form(form) }

    private static let form = TextForm(
        "a device: auto, cpu, cuda, or one of several graphics cards, such as cuda:1"
    ) { text in
        guard DeviceChoice(rawValue: text) == nil else { return nil }
        let near = text.hasPrefix(cards) ? nil : Spelling.nearest(to: text, among: names)
        return (
            "\(quoted: text) is not a device",
            near.map { "Did you mean \(quoted: $0)?" }
                ?? "Write auto, cpu, cuda, or cuda: and a number from 0 to \(mostCards - 1)."
        )
    }

    public var optionJSON: JSONValue { .string(rawValue) }

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.string.flatMap(Self.init(rawValue:)), in: json, at: path)
    }

    // Chooses between two default implementations, for documents and for raw values.
    public init(from decoder: any Decoder) throws { try self.init(optionJSON: JSONValue(from: decoder), at: .root) }
    public func encode(to encoder: any Encoder) throws { try optionJSON.encode(to: encoder) }
}
