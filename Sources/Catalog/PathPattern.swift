import Basics
import Foundation

/// What a part of a photograph's path means: an entry of `data.patterns` in whalebook.yaml.
///
/// A pattern is matched against the path below the animal's folder with a slash before it, such as
/// `/2020-01-05/159_leftphoto.jpg`, whole and whatever its case. `*` stands for any characters, slashes among them;
/// `[ _-]` for one of those in the brackets; `{date}`, `{encounter}` and `{viewpoint}` for what they name, within one
/// folder's or file's name.
public struct PathPattern: Sendable, Codable, Equatable {
    /// The pattern as it is written.
    public let path: String
    /// The view of every photograph that matches; nil where the pattern captures it, or says nothing of it.
    public let viewpoint: Viewpoint?

    /// What a pattern can capture.
    public enum Placeholder: String, Sendable, CaseIterable {
        case date, encounter, viewpoint

        /// The regular expression of what it stands for.
        fileprivate var expression: String {
            switch self {
            case .date:
                #"(?<!\d)(?<date>(?:19|20)\d\d(?<separator>[-_.]?)\d\d\k<separator>\d\d|(?:19|20)\d\d[-_]\d\d)(?!\d)"#
            case .encounter: "(?<encounter>[^/]+?)"
            case .viewpoint: "(?<viewpoint>left|right|top|dorsal|above)"
            }
        }
    }

    /// Checks and creates a pattern.
    ///
    /// - Throws: ``PathPatternError``.
    public init(path: String, viewpoint: Viewpoint? = nil) throws {
        self.path = path
        self.viewpoint = viewpoint
        _ = try Self.expression(of: path)
        if viewpoint == nil, placeholders.isEmpty { throw PathPatternError.meaningless(path) }
    }

    /// Reads an entry as it is written; whether it can be meant is checked by ``init(path:viewpoint:)``.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        path = try values.decode(String.self, forKey: .path)
        let view = try values.decodeIfPresent(String.self, forKey: .viewpoint) ?? ""
        viewpoint = view.isEmpty ? nil : Viewpoint(view)
    }

    /// A pattern of ours, which a test has tried.
    fileprivate init(known path: String, _ viewpoint: Viewpoint? = nil) {
        self.path = path
        self.viewpoint = viewpoint
    }

    /// What it captures.
    public var placeholders: Set<Placeholder> {
        Set(Placeholder.allCases.filter { path.contains("{\($0.rawValue)}") })
    }

    /// The form in whalebook.yaml.
    public var yaml: String {
        let view = viewpoint.map { ", viewpoint: \($0)" } ?? ""
        return "{path: \"\(path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"\(view)}"
    }

    /// What a match means, in words.
    public var meaning: String {
        if let viewpoint { return viewpoint.rawValue }
        return "the "
            + Placeholder.allCases.filter(placeholders.contains).map(\.rawValue).joined(separator: " and the ")
    }

    private static let mostStars = 8

    /// The regular expression of a whole path.
    ///
    /// - Throws: ``PathPatternError``.
    static func expression(of path: String) throws -> String {
        var result = "^"
        var rest = path[...]
        var stars = 0
        while let character = rest.first {
            rest.removeFirst()
            switch character {
            case "*":
                // Two in a row mean what one does.
                if !result.hasSuffix(".*") { result += ".*" }
                stars += 1
                guard stars <= mostStars else { throw PathPatternError.tooManyStars(path, most: mostStars) }
            case "[":
                guard let end = rest.firstIndex(of: "]"), end > rest.startIndex else {
                    throw PathPatternError.unclosed(path, "[")
                }
                let choices = rest[..<end].map { NSRegularExpression.escapedPattern(for: String($0)) }
                result += "(?:\(choices.joined(separator: "|")))"
                rest = rest[rest.index(after: end)...]
            case "{":
                guard let end = rest.firstIndex(of: "}") else { throw PathPatternError.unclosed(path, "{") }
                let name = String(rest[..<end])
                guard let placeholder = Placeholder(rawValue: name) else {
                    throw PathPatternError.unknown(
                        path, name, near: Spelling.nearest(to: name, among: Placeholder.allCases.map(\.rawValue)))
                }
                guard !result.contains("(?<\(name)>") else { throw PathPatternError.repeated(path, name) }
                result += placeholder.expression
                rest = rest[rest.index(after: end)...]
            default: result += NSRegularExpression.escapedPattern(for: String(character))
            }
        }
        return result + "$"
    }
}

extension PathPattern {
    /// What names mean where the configuration does not say, the first that matches first.
    ///
    /// A right whale is no right side.
    public static let standard: [PathPattern] = [
        PathPattern(known: "*[/ _.-]right[ _-]whale*", .unknown), PathPattern(known: "*[/ _.-]rightwhale*", .unknown),
        PathPattern(known: "*[/ _.-]left*", .left), PathPattern(known: "*[/ _.-]right*", .right),
        PathPattern(known: "*[/ _.-]top[/ _.-]*", .top), PathPattern(known: "*[/ _.-]dorsal[/ _.-]*", .top),
        PathPattern(known: "*[/ _.-]above[/ _.-]*", .top),
        PathPattern(known: "*[ _-]L.*", .left), PathPattern(known: "*[ _-]R.*", .right),
        PathPattern(known: "*/{date}*"), PathPattern(known: "*[ _-]{date}*"),
    ]

    /// A number, or a name, of the sighting before the side: taken only where it repeats within an animal, since a
    /// camera's counter does not.
    static let encounterBeforeSide = PathPattern(known: "*/{encounter}[ _-]{viewpoint}*")

    /// The same pattern for each of the characters in its first brackets, such as `*_left*` of `*[/ _.-]left*`.
    var variants: [PathPattern] {
        guard let open = path.firstIndex(of: "["), let close = path[open...].firstIndex(of: "]") else { return [] }
        return path[path.index(after: open)..<close].map { character in
            PathPattern(
                known: path[..<open] + String(character) + path[path.index(after: close)...], viewpoint)
        }
    }
}

/// A pattern that cannot be meant.
public enum PathPatternError: Error, Equatable, CustomStringConvertible {
    case meaningless(String)
    case unclosed(String, String)
    case unknown(String, String, near: String?)
    case repeated(String, String)
    case tooManyStars(String, most: Int)

    public var description: String {
        switch self {
        case .meaningless(let path):
            "The pattern '\(path)' tells nothing. Add a viewpoint, or one of {date}, {encounter} and {viewpoint}."
        case .unclosed(let path, let bracket):
            "The pattern '\(path)' has a '\(bracket)' that is not closed. Close it, with something between."
        case .unknown(let path, let name, let near):
            "The pattern '\(path)' has {\(name)}. " + (near.map { "Did you mean {\($0)}? " } ?? "")
                + "There are {date}, {encounter} and {viewpoint}."
        case .repeated(let path, let name): "The pattern '\(path)' has {\(name)} twice. Keep one."
        case .tooManyStars(let path, let most):
            "The pattern '\(path)' has more than \(most) stars. Write fewer, or several patterns."
        }
    }
}
