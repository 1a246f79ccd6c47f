import Basics
import Options

/// The words that stand for an unnamed animal where its name belongs: the option `data.nobody`.
///
/// Case and blanks around a word do not matter, nor how often a punctuation mark repeats: `-` is also `---`.
public struct NobodyNames: Sendable, Equatable {
    /// The list as configured; nil for ``standardWords``.
    private let entries: [String]?
    private let words: Set<String>

    /// The words that count unless a configuration gives others.
    public static let standardWords = [
        "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "nil", "none", "null", "nobody", "undefined", "unassigned",
        "unidentified", "unknown", "unnamed", "-", "–", "—", "?", "_", ".", "*",
    ]
    /// ``standardWords``.
    public static let standard = NobodyNames(nil)

    private static let standardName = "auto"

    /// Creates a list; `auto` in it stands for ``standardWords``.
    public init(_ entries: [String]) { self.init(Optional(entries)) }

    private init(_ entries: [String]?) {
        self.entries = entries
        let own = entries ?? [Self.standardName]
        words = Set(own.flatMap { $0 == Self.standardName ? Self.standardWords : [$0] }.map(Self.key))
    }

    /// Whether a name is missing, blank or one of the words.
    public func contains(_ name: String) -> Bool {
        let key = Self.key(name)
        return key.isEmpty || words.contains(key)
    }

    /// The animal's name; nil if missing or one of the words.
    func animal(_ name: String?) -> String? { name.flatMap { contains($0) ? nil : $0 } }

    /// A word in the form in which words are compared.
    private static func key(_ word: String) -> String {
        let plain = word.trimmingBlanks.lowercased()
        guard let first = plain.first, !first.isLetter, !first.isNumber, plain.allSatisfy({ $0 == first }) else {
            return plain
        }
        return String(first)
    }
}

extension NobodyNames: OptionDocument {
    public static let optionKind = OptionKind.either(.choice([standardName]), .list(.text, allowsEmpty: true))

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = json.string == Self.standardName ? .standard : .init(try [String](optionJSON: json, at: path))
    }

    public var optionJSON: JSONValue {
        entries.map { .array($0.map(JSONValue.string)) } ?? .string(Self.standardName)
    }
}
