import Basics
import Options

/// A pattern that reads metadata from a photograph's path: an entry of `data.patterns` in whalebook.yaml.
///
/// A pattern must match the whole path below the animal's folder with a leading slash, such as
/// `/2020-01-05/159_leftphoto.jpg`, ignoring case. `*` matches any characters including slashes; `[ _-]` matches one of
/// those in the brackets. `{date}` matches a ``PathDate``, `{viewpoint}` a ``ViewWord``, and `{encounter}` one or more
/// characters of one folder's or file's name. A star matches as much as possible, an encounter as little as possible.
public struct PathPattern: OptionGroup {
    @Option(
        """
        The pattern, matched against the path below the animal's folder with a leading slash, ignoring case. `*` \
        matches any characters, `[ _-]` one of those, and `{date}`, `{encounter}` and `{viewpoint}` what they name.
        """, as: .form(form), required: true)
    public private(set) var path = ""
    /// Nil if the pattern captures it or does not give it.
    @Option("The viewpoint of every photograph that matches.", as: .text, or: "", silent: true)
    public private(set) var viewpoint: Viewpoint? = nil

    private static let form = TextForm("a path pattern, such as *_left*") { text in
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

    /// Why the pattern is invalid; nil if it is valid.
    public var flaw: PathPatternError? {
        PathPatternError(of: path) ?? (viewpoint == nil && placeholders.isEmpty ? .meaningless(path) : nil)
    }

    /// Creates a built-in pattern, which a test checks.
    fileprivate init(known path: String, _ viewpoint: Viewpoint? = nil) {
        self.path = path
        self.viewpoint = viewpoint
    }

    /// The placeholders it captures.
    public var placeholders: Set<Placeholder> {
        Set(Placeholder.allCases.filter { path.contains("{\($0.rawValue)}") })
    }

    /// The pattern as written in whalebook.yaml.
    public var yaml: String {
        let view = viewpoint.map { ", viewpoint: \($0)" } ?? ""
        return "{path: \(JSONValue.string(path).canonicalText.visibleJSON)\(view)}"
    }

    /// What a match gives, human-readable.
    public var meaning: String {
        if let viewpoint { return viewpoint.rawValue }
        return "the "
            + Placeholder.allCases.filter(placeholders.contains).map(\.rawValue).joined(separator: " and the ")
    }

    private static let mostStars = 8

    /// A part of a pattern.
    enum Part: Equatable {
        /// A text in lower case.
        case text([Unicode.Scalar])
        case oneOf([Unicode.Scalar])
        case anything
        case placeholder(Placeholder)
    }

    /// The parts of a pattern, in order.
    ///
    /// - Throws: ``PathPatternError``.
    static func parts(of path: String) throws(PathPatternError) -> [Part] {
        var result: [Part] = []
        var text: [Unicode.Scalar] = []
        func add(_ part: Part) {
            if !text.isEmpty { result.append(.text(text)) }
            text = []
            // Two stars in a row match the same as one.
            if part != .anything || result.last != .anything { result.append(part) }
        }
        var rest = path.unicodeScalars[...]
        /// Removes and returns the text up to a closing bracket, which is removed too.
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
    /// The default patterns, in order of precedence.
    ///
    /// `right whale` is not a right side, and `leftover` is not a left one.
    public static let standard: [PathPattern] = [
        PathPattern(known: "*[/ _.-]right[ _-]whale*", .unknown), PathPattern(known: "*[/ _.-]rightwhale*", .unknown),
        PathPattern(known: "*[/ _.-]leftover*", .unknown),
        PathPattern(known: "*[/ _.-]left*", .left), PathPattern(known: "*[/ _.-]right*", .right),
        PathPattern(known: "*[/ _.-]top[/ _.-]*", .top), PathPattern(known: "*[/ _.-]dorsal[/ _.-]*", .top),
        PathPattern(known: "*[/ _.-]above[/ _.-]*", .top),
        PathPattern(known: "*[ _-]L.*", .left), PathPattern(known: "*[ _-]R.*", .right),
        PathPattern(known: "*/{date}*"), PathPattern(known: "*[ _-]{date}*"),
    ]

    /// A sighting's number or name before the side. It counts only if it repeats within an animal, because a camera's
    /// counter does not.
    static let encounterBeforeSide = PathPattern(known: "*/{encounter}[ _-]{viewpoint}*")

    /// The pattern with each character of its first brackets in turn, such as `*_left*` for `*[/ _.-]left*`.
    var variants: [PathPattern] {
        guard let open = path.firstIndex(of: "["), let close = path[open...].firstIndex(of: "]") else { return [] }
        return path[path.index(after: open)..<close].map { character in
            PathPattern(
                known: path[..<open] + String(character) + path[path.index(after: close)...], viewpoint)
        }
    }
}

/// An invalid pattern.
public enum PathPatternError: Error, Equatable, CustomStringConvertible {
    case meaningless(String)
    case unclosed(String, String)
    case unknown(String, String, near: String?)
    case repeated(String, String)
    case tooManyStars(String, most: Int)

    /// Why a pattern's path cannot be parsed; nil if it can.
    public init?(of path: String) {
        do {
            _ = try PathPattern.parts(of: path)
            return nil
        } catch {
            self = error
        }
    }

    /// What is wrong, without a final full stop.
    public var problem: String {
        switch self {
        case .meaningless(let path): "the pattern \(quoted: path) captures nothing"
        case .unclosed(let path, let bracket):
            "the pattern \(quoted: path) has an unclosed or empty \(quoted: bracket)"
        case .unknown(let path, let name, _): "the pattern \(quoted: path) has an unknown placeholder {\(name)}"
        case .repeated(let path, let name): "the pattern \(quoted: path) has {\(name)} twice"
        case .tooManyStars(let path, let most): "the pattern \(quoted: path) has more than \(most) stars"
        }
    }

    /// What to do, in sentences.
    public var remedy: String {
        switch self {
        case .meaningless: "Add a viewpoint, or one of {date}, {encounter} and {viewpoint}."
        case .unclosed: "Close it, and write something inside."
        case .unknown(_, _, let near):
            (near.map { "Did you mean {\($0)}? " } ?? "") + "Placeholders are: {date}, {encounter} and {viewpoint}."
        case .repeated: "Keep one of them."
        case .tooManyStars: "Write fewer, or several patterns."
        }
    }

    public var description: String { "\(problem.prefix(1).uppercased())\(problem.dropFirst()). \(remedy)" }
}

/// Patterns parsed once for many paths.
struct PathMatcher {
    /// The metadata that a path gives its photograph.
    struct Reading: Equatable {
        var viewpoint: Viewpoint?
        var date: CaptureTime?
        var encounter: String?
        /// The positions of the patterns that gave it.
        var sources: Set<Int> = []
    }

    let patterns: [PathPattern]
    private let parts: [[PathPattern.Part]]

    /// - Throws: ``PathPatternError``.
    init(_ patterns: [PathPattern]) throws {
        self.patterns = patterns
        parts = try patterns.map { try PathPattern.parts(of: $0.path) }
    }

    /// Reads each value from the first matching pattern that gives it; `path` is below the animal's folder, with a
    /// leading slash.
    ///
    /// - Complexity: O(patterns · parts · length) and, after a star, at worst the square of the length.
    func reading(of path: String) -> Reading {
        var reading = Reading()
        let original = Array(path.unicodeScalars)
        let folded = original.map(\.folded)
        for (position, parts) in parts.enumerated() {
            let pattern = patterns[position]
            let wanted =
                reading.viewpoint == nil && (pattern.viewpoint != nil || pattern.placeholders.contains(.viewpoint))
                || reading.date == nil && pattern.placeholders.contains(.date)
                || reading.encounter == nil && pattern.placeholders.contains(.encounter)
            guard wanted else { continue }
            var attempt = Attempt(parts: parts, path: folded)
            guard attempt.matches() else { continue }
            func keep<Value>(_ value: Value?, _ place: WritableKeyPath<Reading, Value?>) {
                guard let value, reading[keyPath: place] == nil else { return }
                reading[keyPath: place] = value
                reading.sources.insert(position)
            }
            keep(pattern.viewpoint ?? attempt.viewpoint, \.viewpoint)
            keep(attempt.date, \.date)
            keep(
                attempt.encounter.map { range in
                    var scalars = String.UnicodeScalarView()
                    scalars.append(contentsOf: original[range])
                    return String(scalars)
                }, \.encounter)
        }
        return reading
    }
}

/// Matches one pattern against one path. A star matches as much as possible, an encounter as little as possible.
private struct Attempt {
    let parts: [PathPattern.Part]
    let path: [Unicode.Scalar]
    private(set) var viewpoint: Viewpoint?
    private(set) var date: CaptureTime?
    private(set) var encounter: Range<Int>?
    /// The positions at which a part and all after it failed: without this, many stars would take exponential time.
    private var failed: [Bool]

    init(parts: [PathPattern.Part], path: [Unicode.Scalar]) {
        self.parts = parts
        self.path = path
        failed = [Bool](repeating: false, count: parts.count * (path.count + 1))
    }

    mutating func matches() -> Bool { matches(0, at: 0) }

    private mutating func matches(_ part: Int, at position: Int) -> Bool {
        guard part < parts.count else { return position == path.count }
        let state = part * (path.count + 1) + position
        guard !failed[state] else { return false }
        let found =
            switch parts[part] {
            case .text(let text):
                path[position...].starts(with: text) && matches(part + 1, at: position + text.count)
            case .oneOf(let choices):
                position < path.count && choices.contains(path[position]) && matches(part + 1, at: position + 1)
            case .anything: matchesAnything(part, at: position)
            case .placeholder(.encounter): matchesEncounter(part, at: position)
            case .placeholder(.date):
                if let found = PathDate(at: position, of: path), matches(part + 1, at: found.end) {
                    keep(found.time)
                } else {
                    false
                }
            case .placeholder(.viewpoint):
                if let found = ViewWord(at: position, of: path), matches(part + 1, at: found.end) {
                    keep(found.viewpoint)
                } else {
                    false
                }
            }
        if !found { failed[state] = true }
        return found
    }

    private mutating func matchesAnything(_ part: Int, at position: Int) -> Bool {
        if part + 1 == parts.count { return true }
        for end in (position...path.count).reversed() where matches(part + 1, at: end) { return true }
        return false
    }

    private mutating func matchesEncounter(_ part: Int, at position: Int) -> Bool {
        var end = position
        while end < path.count, path[end] != "/" {
            end += 1
            guard matches(part + 1, at: end) else { continue }
            encounter = position..<end
            return true
        }
        return false
    }

    private mutating func keep(_ time: CaptureTime) -> Bool {
        date = time
        return true
    }

    private mutating func keep(_ view: Viewpoint) -> Bool {
        viewpoint = view
        return true
    }
}

/// The patterns that read the names of photographs: the defaults, or those in the configuration.
public enum PatternChoice: Sendable, Equatable {
    /// ``PathPattern/standard``, and the encounter before the side if that repeats.
    case automatic
    case listed([PathPattern])

    /// The patterns to try on these pictures.
    func patterns(for pictures: [PicturePath]) -> [PathPattern] {
        switch self {
        case .listed(let patterns): patterns
        case .automatic:
            PathPattern.standard + (Self.repeatsBeforeSide(pictures) ? [.encounterBeforeSide] : [])
        }
    }

    /// The side given by a file's name, ignoring its folders; nil if there is none.
    ///
    /// - Throws: ``PathPatternError``.
    public func viewpoint(ofFileAt path: String) throws -> Viewpoint? {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
        let view = try PathMatcher(patterns(for: [])).reading(of: "/" + name).viewpoint
        return view == .unknown ? nil : view
    }

    /// Whether the text before the side is a sighting: a number that occurs with several sides for most animals.
    ///
    /// A camera's counter does not repeat; a word or the animal's own name is not a sighting; and if folders separate
    /// the sightings, they count instead.
    private static func repeatsBeforeSide(_ pictures: [PicturePath]) -> Bool {
        guard let matcher = try? PathMatcher([.encounterBeforeSide]) else { return false }
        var sides: [String: [String: Set<Viewpoint>]] = [:]
        var counts: [String: Int] = [:]
        for place in pictures {
            let reading = matcher.reading(of: place.below)
            guard let name = reading.encounter, let side = reading.viewpoint else { continue }
            guard name.first?.isNumber == true, name != place.animal, place.encounter == nil else { return false }
            sides[place.animal, default: [:]][name, default: []].insert(side)
            counts[place.animal, default: 0] += 1
        }
        let several = sides.filter { counts[$0.key, default: 0] > 1 }
        return 2 * several.values.count { $0.values.contains { $0.count > 1 } } > several.count
    }
}

/// A pattern and the photographs whose names it matches.
public struct PatternMatch: Sendable, Equatable {
    public let pattern: PathPattern
    public let count: Int
    /// The first photographs' paths.
    public let examples: [String]

    private static let shown = 2

    /// The patterns that read something from these pictures, in order, each in its simplest form.
    ///
    /// - Throws: ``PathPatternError``.
    static func found(in pictures: [String], by choice: PatternChoice) throws -> [PatternMatch] {
        let splits = SplitFolders(pictures)
        let places = pictures.map { PicturePath($0, splits: splits) }
        let matcher = try PathMatcher(choice.patterns(for: places))
        var read: [Int: [String]] = [:]
        for (picture, place) in zip(pictures, places) {
            for source in matcher.reading(of: place.below).sources { read[source, default: []].append(picture) }
        }
        return try read.sorted { $0.key < $1.key }.map { position, pictures in
            let pattern = matcher.patterns[position]
            let plain = try pattern.variants.first { variant in
                let own = try PathMatcher([variant])
                return pictures.allSatisfy { !own.reading(of: PicturePath($0, splits: splits).below).sources.isEmpty }
            }
            return PatternMatch(
                pattern: plain ?? pattern, count: pictures.count, examples: Array(pictures.prefix(shown)))
        }
    }
}

extension PatternChoice: OptionDocument {
    public static let optionKind = OptionKind.either(
        .choice([automaticName]), .list(PathPattern.optionKind, allowsEmpty: true))

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = json.string == Self.automaticName ? .automatic : .listed(try .init(optionJSON: json, at: path))
    }

    public var optionJSON: JSONValue {
        switch self {
        case .automatic: .string(Self.automaticName)
        case .listed(let patterns): patterns.optionJSON
        }
    }

    /// The word for ``automatic``.
    private static let automaticName = "auto"
}
