import Basics

/// A field of the front matter that only the author can fill and has left empty; the document marks it in place.
public struct RenderGap: Sendable, Equatable, CustomStringConvertible {
    /// The document's file.
    public let path: String
    /// The line of the document that shows the field, from 1.
    public let line: Int
    /// The field, such as `params.public-leaderboard`.
    public let name: String

    public var description: String { "\(path):\(line): to be filled in: \(name)" }

    /// The mark in the field's place, and what belongs there.
    static func markdown(_ name: String, hint: String? = nil) -> String {
        "**\\[to be filled in: \(MarkdownText.escaped(name))\\]**" + (hint.map { " \(MarkdownText.escaped($0))" } ?? "")
    }
}

extension JSONValue {
    /// Whether a field with this value was left empty.
    var isLeftEmpty: Bool { self == .null || string?.allSatisfy(\.isWhitespace) == true }
}
