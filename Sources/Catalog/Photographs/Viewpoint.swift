import Basics
import Imaging
import Options

/// The side from which an animal was photographed: one of the competition's three, or any other name.
public struct Viewpoint: Sendable, Hashable, Codable, RawRepresentable, CustomStringConvertible {
    /// The name, in lower case.
    public let rawValue: String

    public static let top = Viewpoint("top"), left = Viewpoint("left"), right = Viewpoint("right")
    /// The viewpoint is not recorded.
    public static let unknown = Viewpoint("unknown")
    /// The competition's viewpoints.
    public static let standard = [top, left, right]

    /// The viewpoint with this name, ignoring case; an empty name is ``unknown``.
    public init(rawValue: String) { self.init(rawValue) }

    /// The viewpoint with this name, ignoring case; an empty name is ``unknown``.
    public init(_ name: String) { rawValue = name.isEmpty ? "unknown" : name.lowercased() }

    /// Whether this is a flank, left or right.
    public var isLateral: Bool { self == .left || self == .right }

    /// What a photograph from here shows of the animal.
    public var side: AnimalPose.Side {
        switch rawValue {
        case "left": .leftFlank
        case "right": .rightFlank
        case "top", "up", "above", "dorsal", "bottom", "down", "below", "ventral": .aboveOrBelow
        default: .other
        }
    }

    public var description: String { rawValue }

    /// The competition's viewpoint that this name probably misspells; nil if there is none.
    ///
    /// A misspelling has one letter added, removed, changed or swapped, so `upright` is not one of `right`.
    var likelySlip: Viewpoint? {
        guard !Self.standard.contains(self), self != .unknown else { return nil }
        return Self.standard.first { Spelling.distance($0.rawValue, rawValue) == 1 }
    }

    /// Unique viewpoints in the order of tables: the competition's, then others by name, ``unknown`` last.
    public static func inOrder(_ viewpoints: some Sequence<Viewpoint>) -> [Viewpoint] {
        let present = Set(viewpoints)
        let others = present.subtracting(standard + [unknown]).sorted { $0.rawValue < $1.rawValue }
        return standard.filter(present.contains) + others + (present.contains(unknown) ? [unknown] : [])
    }
}

extension Viewpoint: OptionValue {
    public static var optionKind: OptionKind { .text }
    public var optionJSON: JSONValue { .string(rawValue) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self.init(try String(optionJSON: json, at: path))
    }
}

/// A word in a folder's or file's name that gives the side of the photograph.
///
/// The word stands alone, as in `159_left.jpg` and `Left side`, or is followed by a word for a picture or a side, as in
/// `leftphoto`; `bright`, `leftover` and `right whale` do not count.
struct ViewWord {
    let viewpoint: Viewpoint
    /// The end of the word, before any following word for a picture or a side.
    let end: Int

    private static let words: [(letters: [Unicode.Scalar], viewpoint: Viewpoint)] = [
        ("left", Viewpoint.left), ("right", .right), ("top", .top), ("dorsal", .top), ("above", .top),
    ].map { (Array($0.0.unicodeScalars), $0.1) }
    /// Words that may directly follow a side.
    private static let tails = [
        "photographs", "photograph", "photos", "photo", "pictures", "picture", "pics", "pic", "images", "image",
        "flank", "side", "view",
    ].map { Array($0.unicodeScalars) }
    private static let whale = Array("whale".unicodeScalars)

    /// The word that begins at a position in a lower-case name; nil if none does.
    init?(at position: Int, of name: [Unicode.Scalar]) {
        guard position == 0 || !name[position - 1].properties.isAlphabetic,
            let word = Self.words.first(where: { name[position...].starts(with: $0.letters) })
        else { return nil }
        let end = position + word.letters.count
        if end < name.count, name[end].properties.isAlphabetic {
            let tail = Self.tail(at: end, of: name)
            guard tail > end, tail == name.count || !name[tail].properties.isAlphabetic else { return nil }
        }
        // "Right whale" is a species, not a side.
        let next = name[end...].drop { Self.separates($0) }
        if word.viewpoint == .right, next.starts(with: Self.whale) { return nil }
        viewpoint = word.viewpoint
        self.end = end
    }

    private static func separates(_ scalar: Unicode.Scalar) -> Bool { " _-.".unicodeScalars.contains(scalar) }

    private static func tail(at position: Int, of name: [Unicode.Scalar]) -> Int {
        position + (tails.first { name[position...].starts(with: $0) }?.count ?? 0)
    }

    /// A folder's name without its sides: `2020-01-05` for `2020-01-05 left`, an empty text for `Left side`.
    static func removed(from name: String) -> String {
        let original = Array(name.unicodeScalars)
        let folded = original.map(\.folded)
        var rest = String.UnicodeScalarView()
        var position = 0
        while position < folded.count {
            if let word = ViewWord(at: position, of: folded) {
                let next = folded[word.end...].firstIndex { !separates($0) } ?? folded.count
                let tail = tail(at: next, of: folded)
                let isWhole = tail == folded.count || !folded[tail].properties.isAlphabetic
                position = isWhole && tail > next ? tail : word.end
            } else {
                rest.append(original[position])
                position += 1
            }
        }
        guard rest.count < original.count else { return name }
        var own = rest[...]
        while let first = own.first, separates(first) { own.removeFirst() }
        while let last = own.last, separates(last) { own.removeLast() }
        return String(Substring(own))
    }
}

extension Unicode.Scalar {
    /// The scalar in lower case, if that is a single scalar.
    var folded: Unicode.Scalar {
        if isASCII { return (65...90).contains(value) ? Unicode.Scalar(UInt8(value + 32)) : self }
        let lower = properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower.first ?? self : self
    }
}
