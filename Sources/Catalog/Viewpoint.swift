import Basics
import Options

/// The side from which an animal was photographed: one of the competition's three, or any other by its name.
public struct Viewpoint: Sendable, Hashable, Codable, RawRepresentable, CustomStringConvertible {
    /// The name, in lower case.
    public let rawValue: String

    public static let top = Viewpoint("top"), left = Viewpoint("left"), right = Viewpoint("right")
    /// Where nobody has said from which side.
    public static let unknown = Viewpoint("unknown")
    /// The competition's.
    public static let standard = [top, left, right]

    /// The viewpoint of that name, whatever its case; an empty name is ``unknown``.
    public init(rawValue: String) { self.init(rawValue) }

    /// The viewpoint of that name, whatever its case; an empty name is ``unknown``.
    public init(_ name: String) { rawValue = name.isEmpty ? "unknown" : name.lowercased() }

    /// Whether this is a flank, left or right.
    public var isLateral: Bool { self == .left || self == .right }

    public var description: String { rawValue }

    /// What the writer of this name meant where it is one of the competition's with a slip; nil for any other name.
    ///
    /// A slip is a letter too many, too few, another or exchanged: `upright` is near to `right`, and not meant for it.
    var likelySlip: Viewpoint? {
        guard !Self.standard.contains(self), self != .unknown else { return nil }
        return Self.standard.first { Spelling.distance($0.rawValue, rawValue) == 1 }
    }

    /// Viewpoints, each once, in the order of tables: the competition's, then others by name, ``unknown`` last.
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
