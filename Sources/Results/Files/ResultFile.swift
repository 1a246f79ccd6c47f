import Basics
import Foundation

/// One file of a stage's result: its stage, its name, and how it is read and written.
public struct ResultFile<Contents>: Sendable {
    public let stage: StageName
    /// The name in the folder of the result.
    public let name: String
    private let reader: @Sendable (URL) throws -> Contents
    private let writer: @Sendable (Contents, URL) throws -> Void

    /// Declares a file with a reader and a writer of its own.
    public init(
        _ stage: StageName, _ name: String, read: @Sendable @escaping (URL) throws -> Contents,
        write: @Sendable @escaping (Contents, URL) throws -> Void
    ) {
        self.stage = stage
        self.name = name
        reader = read
        writer = write
    }

    /// Where it lies in a folder.
    public func url(in folder: URL) -> URL { folder.appending(path: name) }

    /// Whether a folder has it: results of older versions lack files that came later.
    public func exists(in folder: URL) -> Bool { FileManager.default.fileExists(atPath: url(in: folder).path) }

    /// Reads it from the folder of a result.
    ///
    /// - Throws: ``FileError`` that names the place and the command that makes the file anew.
    public func read(in folder: URL) throws -> Contents { try reader(url(in: folder)) }

    /// Writes it into the folder of a result.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func write(_ contents: Contents, in folder: URL) throws { try writer(contents, url(in: folder)) }
}

extension ResultFile {
    /// Declares a CSV file with one row for each value.
    init<Row>(_ stage: StageName, _ name: String, rows form: CSVForm<Row>) where Contents == [Row] {
        self.init(
            stage, name, read: { try form.read($0, madeBy: stage) }, write: { try form.write($0, to: $1) })
    }
}

extension ResultFile where Contents: Codable & SendableMetatype {
    /// Declares a JSON file: sorted keys, numbers in their shortest form.
    init(json stage: StageName, _ name: String) {
        self.init(
            stage, name, read: { try JSONForm.read($0, madeBy: stage) },
            write: { try AtomicFile.write(JSONValue(encoding: $0).text, to: $1) })
    }
}

/// Reads JSON files as types.
enum JSONForm {
    /// - Throws: ``FileError`` for what is no JSON, and, naming the key, for what an older or newer version wrote.
    static func read<Contents: Decodable>(_ url: URL, madeBy stage: StageName) throws -> Contents {
        let data = try FileError.contents(of: url)
        func malformed(_ problem: String) -> FileError {
            .malformed(path: url.path, line: nil, problem: problem, remedy: stage.remedy)
        }
        do {
            return try JSONDecoder().decode(Contents.self, from: data)
        } catch let error as DecodingError {
            guard let problem = error.problem else { throw malformed("this is not valid JSON") }
            throw malformed("\(problem), so another version of whalebook wrote it")
        }
    }
}

extension DecodingError {
    /// What is missing or wrong, by its dotted path; nil where the text is no JSON at all.
    fileprivate var problem: String? {
        func name(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        return switch self {
        case .keyNotFound(let key, let context): "\(quoted: name(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(quoted: name(context.codingPath)) is missing"
        case .typeMismatch(_, let context): "\(quoted: name(context.codingPath)) is of another kind"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? nil : "\(quoted: name(context.codingPath)) is not valid"
        @unknown default: nil
        }
    }
}

extension StageName {
    /// How to make a file of the stage anew.
    var remedy: String { "Run 'whalebook run -f \(rawValue)'." }
}

/// A file that is only passed on, such as a network's weights.
public typealias OpaqueFile = ResultFile<Data>

extension ResultFile where Contents == Data {
    /// Declares a file of bytes.
    public init(_ stage: StageName, _ name: String) {
        self.init(
            stage, name, read: { try FileError.contents(of: $0, mapped: true) },
            write: { try AtomicFile.write($0, to: $1) })
    }
}
