import Basics
import Catalog
import Foundation
import YAML
import Yams

/// The resolved whalebook.yaml: every option with its value, given or default.
///
/// The options are those of ``Settings``: `configuration.search.k`.
@dynamicMemberLookup
public struct Configuration: Sendable, Equatable {
    /// Every option with its value.
    public private(set) var settings: Settings
    /// Every option that has an effect, as a tree, for keys of nodes and for reports.
    public private(set) var tree: JSONValue
    /// The options of the file that have no effect because of an override.
    public let notes: [FileProblem]
    /// The folder of the file, where relative paths start.
    public let root: URL
    /// The file's name without its extension, usually `whalebook`; it identifies the configurations of one folder.
    public let name: String

    public subscript<Value>(dynamicMember option: KeyPath<Settings, Value>) -> Value { settings[keyPath: option] }

    private static let options = Settings.optionKind

    /// The largest size of a configuration file, bytes.
    private static let largestSize = 1 << 20

    /// Reads a configuration file.
    ///
    /// `overrides` are `key=value` pairs as `--set` takes them, applied on top of the file. If one chooses a kind, the
    /// file's options of another kind are left out; see ``notes``.
    ///
    /// - Throws: ``FileError``, or ``ConfigurationError`` with every problem and its line.
    public static func read(_ url: URL, overrides: [String] = []) throws -> Configuration {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw FileError.malformed(
                path: url.path, line: nil, problem: "the configuration does not exist",
                remedy: "Write one with 'whalebook init DIR', DIR being your photographs, or name another by --config.")
        }
        let text = String(decoding: try FileError.contents(of: url, limit: largestSize), as: UTF8.self)
        return try Configuration(
            parsing: text, path: url.path, root: url.deletingLastPathComponent(), overrides: overrides)
    }

    /// Parses the text of a configuration file; `path` is for messages.
    public init(parsing text: String, path: String, root: URL, overrides: [String] = []) throws {
        var node = try ConfigurationError.blaming(path) { try BoundedYAML.compose(text) }
        var changes = try overrides.map(Override.init)
        for place in changes.indices { changes[place].apply(to: &node) }
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
        replaceMembers { $0.isPublished ? $0 : $0.settled }
    }

    /// The configuration with some members replaced, in the settings and in the tree.
    public func replacingMembers(_ replace: (MemberSettings) throws -> MemberSettings) rethrows -> Configuration {
        var copy = self
        try copy.replaceMembers(replace)
        return copy
    }

    private mutating func replaceMembers(_ replace: (MemberSettings) throws -> MemberSettings) rethrows {
        let members = try settings.train.members.map(replace)
        settings.replace(members: members)
        guard var tree = tree.object, var train = tree["train"]?.object else { return }
        train["members"] = .array(members.map { MemberSettings.optionKind.pruned($0.optionJSON) })
        tree["train"] = .object(train)
        self.tree = .object(tree)
    }

    /// The folder of photographs.
    public var dataDirectory: URL { resolve(settings.data.folder) }

    /// The section `data` with absolute paths.
    public var resolvedData: DataSettings {
        let data = settings.data
        return DataSettings(
            folder: dataDirectory.path, layout: data.layout, patterns: data.patterns, nobody: data.nobody,
            links: data.links.map { resolve($0).path }, salvage: data.salvage)
    }

    /// The location of a path in the configuration; relative paths start at the file's folder, `~` and `$HOME` at the
    /// home folder.
    public func resolve(_ path: String) -> URL {
        let path = UserPath.expanded(path)
        return path.hasPrefix("/") ? URL(filePath: path) : root.appending(path: path).standardizedFileURL
    }
}

/// All problems of a configuration, found in one pass.
public struct ConfigurationError: ErrorWithLines, Equatable, CustomStringConvertible {
    /// All problems; only the first ones have a text.
    public let list: ProblemList

    /// The first problems.
    public var problems: [FileProblem] { list.problems }

    public var lines: [String] { list.lines }
    public var description: String { list.description }

    /// Reads YAML; errors name `path`, and the line if it is known. Without `hasLines` they name no line, because the
    /// text is not a file.
    ///
    /// - Throws: ``ConfigurationError``, or any other error of `body`.
    static func blaming<Value>(_ path: String, hasLines: Bool = true, _ body: () throws -> Value) throws -> Value {
        func error(_ line: Int?, _ problem: String, _ remedy: String) -> ConfigurationError {
            ConfigurationError(
                list: ProblemList([
                    FileProblem(path: path, line: hasLines ? line : nil, problem: problem, remedy: remedy)
                ]))
        }
        do {
            return try body()
        } catch let flaw as YAMLFlaw {
            throw error(flaw.line, flaw.problem, flaw.remedy)
        } catch let flaw as YamlError {
            let (words, line) = flaw.place
            throw error(line, "the YAML is not valid: \(words)", "Correct the syntax.")
        }
    }
}

extension YamlError {
    /// The problem, and its line if it is known.
    fileprivate var place: (words: String, line: Int?) {
        switch self {
        case .scanner(_, let words, let mark, _), .parser(_, let words, let mark, _),
            .composer(_, let words, let mark, _):
            (words, mark.line)
        default: ("\(self)", nil)
        }
    }
}
