import Basics

/// The YAML at the top of a document; its keys are Quarto's if Quarto has them.
public struct FrontMatter: Sendable, Equatable {
    /// An output format.
    public enum Format: String, Sendable, CaseIterable {
        /// Markdown as GitHub shows it.
        case gfm
        /// One web page.
        case html
        /// Plain text.
        case text

        /// The extension of its files, without the dot.
        var fileExtension: String {
            switch self {
            case .gfm: "md"
            case .html: "html"
            case .text: "txt"
            }
        }
    }

    /// May contain inline values.
    public var title: String?
    /// May contain inline values.
    public var subtitle: String?
    /// The people, each with `name`, null if it is to be filled in, and any other keys.
    public var team: [JSONValue] = []
    /// Parameters with their default values.
    public var params: [String: JSONValue] = [:]
    /// The formats to write if the caller names none.
    public var formats: [Format] = [.gfm]
    /// Whether pictures are part of the web page instead of files next to it.
    public var embedsResources = true
    /// The greatest size of a web page with its embedded pictures, in megabytes of 1,000,000 bytes; further pictures stay
    /// next to it.
    public var embedLimit = 3.0
    /// Whether the web page has a table of contents; nil for those pages that have three sections or more.
    public var hasContents: Bool?
    /// The most that enlarged photographs next to the document take, in megabytes of 1,000,000 bytes.
    public var enlargements = 24.0
    /// Whether headings are numbered.
    public var numbersSections = false
}

/// Checks the YAML of a front matter.
struct FrontMatterReader {
    private(set) var problems = ProblemCollector()

    init(path: String) { problems.path = path }

    private static let keys = [
        "title", "subtitle", "team", "params", "format", "number-sections", "toc", "enlargements",
    ]
    private static let htmlOptions = ["embed-resources", "embed-limit", "toc"]

    mutating func read(_ yaml: YAMLValue) -> FrontMatter {
        var result = FrontMatter()
        guard let entries = yaml.entries else {
            if !yaml.isNull { problems.add(yaml.line, "the front matter has no keys", "Write 'title: …'.") }
            return result
        }
        problems.checkKeys(entries, known: Self.keys, what: "front matter key")
        for (key, value) in entries {
            switch key.text {
            case "title": result.title = text(value, of: "title")
            case "subtitle": result.subtitle = text(value, of: "subtitle")
            case "team": result.team = team(value)
            case "params":
                guard let parameters = value.entries else {
                    problems.add(value.line, "'params' has no names", "Write 'params: {k: 20}'.")
                    continue
                }
                for (name, declared) in parameters { result.params[name.text] = declared.json }
            case "format": readFormats(value, into: &result)
            case "number-sections": result.numbersSections = flag(value, of: "number-sections") ?? false
            case "toc": result.hasContents = flag(value, of: "toc")
            case "enlargements":
                result.enlargements = megabytes(value, of: "enlargements") ?? result.enlargements
            default: break
            }
        }
        return result
    }

    private mutating func text(_ value: YAMLValue, of key: String) -> String? {
        if let text = value.scalarText { return text }
        problems.add(value.line, "\(quoted: key) is not a text", "Write '\(key): …' on one line.")
        return nil
    }

    private mutating func flag(_ value: YAMLValue, of key: String) -> Bool? {
        if let flag = value.flag { return flag }
        problems.add(value.line, "\(quoted: key) is neither true nor false", "Write '\(key): true' or '\(key): false'.")
        return nil
    }

    private mutating func megabytes(_ value: YAMLValue, of key: String) -> Double? {
        if let number = value.json.double, (0...1000).contains(number) { return number }
        problems.add(
            value.line, "\(quoted: key) is not a number of megabytes from 0 to 1000", "Write '\(key): 3'.")
        return nil
    }

    private mutating func team(_ value: YAMLValue) -> [JSONValue] {
        guard let members = value.json.array, members.allSatisfy({ Self.isNameOrEmpty($0["name"]) }) else {
            problems.add(
                value.line, "'team' is not a list of people with names", "Write 'team: [{name: …, biography: …}]'.")
            return []
        }
        return members
    }

    /// Whether a person has a name, or leaves it to be filled in.
    private static func isNameOrEmpty(_ name: JSONValue?) -> Bool {
        guard let name else { return false }
        return name.string != nil || name == .null
    }

    private mutating func readFormats(_ value: YAMLValue, into result: inout FrontMatter) {
        if let name = value.scalarText, let format = format(name, line: value.line) {
            result.formats = [format]
        } else if let entries = value.entries {
            result.formats = entries.compactMap { format($0.key.text, line: $0.key.line) }
            for (key, options) in entries where key.text == "html" {
                guard let options = options.entries else { continue }
                problems.checkKeys(options, known: Self.htmlOptions, what: "option of the html format")
                for (name, option) in options {
                    switch name.text {
                    case "embed-resources":
                        result.embedsResources = flag(option, of: "embed-resources") ?? result.embedsResources
                    case "embed-limit":
                        result.embedLimit = megabytes(option, of: "embed-limit") ?? result.embedLimit
                    case "toc": result.hasContents = flag(option, of: "toc") ?? result.hasContents
                    default: break
                    }
                }
            }
        }
        if result.formats.isEmpty { result.formats = [.gfm] }
    }

    private mutating func format(_ name: String, line: Int?) -> FrontMatter.Format? {
        if let format = FrontMatter.Format(rawValue: name) { return format }
        problems.addUnknown(name, line, what: "format", known: FrontMatter.Format.allCases.map(\.rawValue))
        return nil
    }
}
