import Basics
import Options

/// What a part of a photograph's path means: an entry of `data.patterns` in whalebook.yaml.
///
/// A pattern is matched against the path below the animal's folder with a slash before it, such as
/// `/2020-01-05/159_leftphoto.jpg`, whole and whatever its case. `*` stands for any characters, slashes among them;
/// `[ _-]` for one of those in the brackets. `{date}` stands for a ``PathDate``, `{viewpoint}` for a ``ViewWord``, and
/// `{encounter}` for one or more characters of one folder's or file's name. A star takes as much as it can, an encounter
/// as little.
public struct PathPattern: OptionGroup {
    @Option(
        """
        The pattern, matched against the path below the animal's folder with a slash before it, ignoring case. `*` stands \
        for any characters, `[ _-]` for one of those, and `{date}`, `{encounter}` and `{viewpoint}` for what they name.
        """, as: .form(form), required: true)
    public private(set) var path = ""
    /// Nil where the pattern captures it, or says nothing of it.
    @Option("The viewpoint of every photograph that matches.", as: .text, or: "", silent: true)
    public private(set) var viewpoint: Viewpoint? = nil

    private static let form = TextForm("a pattern of paths, such as *_left*") { text in
        PathPatternError(of: text).map { ($0.problem, $0.remedy) }
    }

    public init() {}

    /// What a pattern can capture.
    public enum Placeholder: String, Sendable, CaseIterable {
        case date, encounter, viewpoint
    }

    /// Checks and creates a pattern.
    ///
    /// - Throws: ``PathPatternError``.
    public init(path: String, viewpoint: Viewpoint? = nil) throws {
        self.path = path
        self.viewpoint = viewpoint
        if let flaw { throw flaw }
    }

    /// Why the pattern cannot be meant; nil where it can.
    public var flaw: PathPatternError? {
        PathPatternError(of: path) ?? (viewpoint == nil && placeholders.isEmpty ? .meaningless(path) : nil)
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
        return "{path: \(JSONValue.string(path).canonicalText.visibleJSON)\(view)}"
    }

    /// What a match means, in words.
    public var meaning: String {
        if let viewpoint { return viewpoint.rawValue }
        return "the "
            + Placeholder.allCases.filter(placeholders.contains).map(\.rawValue).joined(separator: " and the ")
    }

    private static let mostStars = 8

    /// What a pattern is made of.
    enum Part: Equatable {
        /// A text in lower case.
        case text([Unicode.Scalar])
        case oneOf([Unicode.Scalar])
        case anything
        case placeholder(Placeholder)
    }

    /// The parts of a pattern in their order.
    ///
    /// - Throws: ``PathPatternError``.
    static func parts(of path: String) throws(PathPatternError) -> [Part] {
        var result: [Part] = []
        var text: [Unicode.Scalar] = []
        func add(_ part: Part) {
            if !text.isEmpty { result.append(.text(text)) }
            text = []
            // Two stars in a row mean what one does.
            if part != .anything || result.last != .anything { result.append(part) }
        }
        var rest = path.unicodeScalars[...]
        /// What stands before a closing bracket, which goes, too.
        func inside(_ open: String, until close: Unicode.Scalar) throws(PathPatternError) -> [Unicode.Scalar] {
            guard let end = rest.firstIndex(of: close), end > rest.startIndex else {
                throw PathPatternError.unclosed(path, open)
            }
            defer { rest = rest[rest.index(after: end)...] }
            return Array(rest[..<end])
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": add(.anything)
            case "[": add(.oneOf(try inside("[", until: "]").map(\.folded)))
            case "{":
                let name = String(String.UnicodeScalarView(try inside("{", until: "}")))
                guard let placeholder = Placeholder(rawValue: name) else {
                    throw PathPatternError.unknown(
                        path, name, near: Spelling.nearest(to: name, among: Placeholder.allCases.map(\.rawValue)))
                }
                guard !result.contains(.placeholder(placeholder)) else { throw PathPatternError.repeated(path, name) }
                add(.placeholder(placeholder))
            default: text.append(scalar.folded)
            }
        }
        if !text.isEmpty { result.append(.text(text)) }
        guard result.count(where: { $0 == .anything }) <= mostStars else {
            throw PathPatternError.tooManyStars(path, most: mostStars)
        }
        return result
    }
}

extension PathPattern {
    /// What names mean where the configuration does not say, the first that matches first.
    ///
    /// A right whale is no right side, and what is left over no left one.
    public static let standard: [PathPattern] = [
        PathPattern(known: "*[/ _.-]right[ _-]whale*", .unknown), PathPattern(known: "*[/ _.-]rightwhale*", .unknown),
        PathPattern(known: "*[/ _.-]leftover*", .unknown),
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

    /// Why a pattern's path cannot be taken apart; nil where it can.
    public init?(of path: String) {
        do {
            _ = try PathPattern.parts(of: path)
            return nil
        } catch {
            self = error
        }
    }

    /// What is wrong, without a point at its end.
    public var problem: String {
        switch self {
        case .meaningless(let path): "the pattern \(quoted: path) tells nothing"
        case .unclosed(let path, let bracket):
            "the pattern \(quoted: path) has a \(quoted: bracket) that is not closed, or empty"
        case .unknown(let path, let name, _): "the pattern \(quoted: path) has {\(name)}"
        case .repeated(let path, let name): "the pattern \(quoted: path) has {\(name)} twice"
        case .tooManyStars(let path, let most): "the pattern \(quoted: path) has more than \(most) stars"
        }
    }

    /// What to do, in sentences.
    public var remedy: String {
        switch self {
        case .meaningless: "Add a viewpoint, or one of {date}, {encounter} and {viewpoint}."
        case .unclosed: "Close it, with something between."
        case .unknown(_, _, let near):
            (near.map { "Did you mean {\($0)}? " } ?? "") + "There are {date}, {encounter} and {viewpoint}."
        case .repeated: "Keep one."
        case .tooManyStars: "Write fewer, or several patterns."
        }
    }

    public var description: String { "\(problem.prefix(1).uppercased())\(problem.dropFirst()). \(remedy)" }
}
