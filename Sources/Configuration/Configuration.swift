import Basics
import Catalog
import Foundation
import YAML
import Yams

/// The resolved whalebook.yaml: every option with its value, given or standard.
///
/// The options themselves are those of ``Settings``: `configuration.search.k`.
@dynamicMemberLookup
public struct Configuration: Sendable, Equatable {
    /// Every option with its value.
    public let settings: Settings
    /// Every option that means something as a tree, for keys of nodes and for reports.
    public let tree: JSONValue
    /// What of the file the overrides leave without a meaning.
    public let notes: [FileProblem]
    /// The folder that relative paths start from: that of the file.
    public let root: URL
    /// The file's name without its ending, `whalebook` as a rule: configurations in one folder go by it.
    public let name: String

    public subscript<Value>(dynamicMember option: KeyPath<Settings, Value>) -> Value { settings[keyPath: option] }

    private static let options = Settings.optionKind

    /// Bytes of a configuration file at most.
    private static let largestSize = 1 << 20

    /// Reads a configuration file.
    ///
    /// - Parameter overrides: `key=value` pairs as `--set` takes them, applied on top of the file. Where one chooses a
    ///   kind, what the file says to another kind falls away; see ``notes``.
    /// - Throws: ``FileError``, or ``ConfigurationError`` with every problem and its line.
    public static func read(_ url: URL, overrides: [String] = []) throws -> Configuration {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw FileError.malformed(
                path: url.path, line: nil, problem: "there is no configuration here",
                remedy: "'whalebook init DIR' looks at a folder of photographs and writes one; --config names another.")
        }
        let text = String(decoding: try FileError.contents(of: url, limit: largestSize), as: UTF8.self)
        return try Configuration(
            parsing: text, path: url.path, root: url.deletingLastPathComponent(), overrides: overrides)
    }

    /// Parses the text of a configuration file; `path` serves the messages.
    public init(parsing text: String, path: String, root: URL, overrides: [String] = []) throws {
        var node = try ConfigurationError.blaming(path) { try BoundedYAML.compose(text) }
        let changes = try overrides.map(Override.init)
        for change in changes { node = change.applied(to: node) }
        var reader = ConfigurationReader(path: path, overrides: changes)
        let resolved = reader.section(Self.options.section ?? [], node, at: "")
        guard reader.problems.isEmpty else { throw ConfigurationError(list: reader.problems) }
        settings = try Settings(optionJSON: resolved, at: .root)
        tree = Self.options.pruned(resolved)
        notes = reader.notes
        self.root = root
        name = URL(filePath: path).deletingPathExtension().lastPathComponent
        let problems = settings.problems(in: path)
        if !problems.isEmpty { throw ConfigurationError(list: problems) }
    }

    /// The folder of photographs.
    public var dataDirectory: URL { resolve(settings.data.folder) }

    /// The folder of photographs by its absolute path, and its layout.
    public var resolvedData: DataSettings {
        DataSettings(folder: dataDirectory.path, layout: settings.data.layout, patterns: settings.data.patterns)
    }

    /// A path of the configuration as a location: relative ones start at the file's folder.
    public func resolve(_ path: String) -> URL {
        path.hasPrefix("/") ? URL(filePath: path) : root.appending(path: path).standardizedFileURL
    }
}

/// What is wrong with a configuration, found in one pass.
public struct ConfigurationError: ErrorWithLines, Equatable, CustomStringConvertible {
    /// All problems, the first of them in words.
    public let list: ProblemList

    /// The first problems.
    public var problems: [FileProblem] { list.problems }

    public var lines: [String] { list.lines }
    public var description: String { list.description }

    /// Reads YAML; what is wrong with it is told of `path`, with the line where that is known.
    ///
    /// - Parameter hasLines: Whether the text is one whose lines a reader can find.
    /// - Throws: ``ConfigurationError``, or what else `body` throws.
    static func blaming<Value>(_ path: String, hasLines: Bool = true, _ body: () throws -> Value) throws -> Value {
        func error(_ line: Int?, _ problem: String, _ remedy: String) -> ConfigurationError {
            ConfigurationError(
                list: ProblemList([
                    FileProblem(path: path, line: hasLines ? line : nil, problem: problem, remedy: remedy)
                ]))
        }
        do {
            return try body()
        } catch let flaw as YAMLBoundError {
            throw error(flaw.line, flaw.problem, flaw.remedy)
        } catch let flaw as YamlError {
            let (words, line) = flaw.place
            throw error(line, "this is not valid YAML: \(words)", "Correct the syntax.")
        }
    }
}

extension YamlError {
    /// What is wrong, and on which line where that is known.
    fileprivate var place: (words: String, line: Int?) {
        switch self {
        case .scanner(_, let words, let mark, _), .parser(_, let words, let mark, _),
            .composer(_, let words, let mark, _):
            (words, mark.line)
        default: ("\(self)", nil)
        }
    }
}
