import Basics
import Foundation

/// One file of a stage's result: its stage, its name, its reader and its writer.
public struct ResultFile<Contents>: Sendable {
    public let stage: StageName
    /// The name in the result's folder.
    public let name: String
    private let reader: @Sendable (URL) throws -> Contents
    private let writer: @Sendable (Contents, URL) throws -> Void

    /// Declares a file with its own reader and writer.
    public init(
        _ stage: StageName, _ name: String, read: @Sendable @escaping (URL) throws -> Contents,
        write: @Sendable @escaping (Contents, URL) throws -> Void
    ) {
        self.stage = stage
        self.name = name
        reader = read
        writer = write
    }

    /// Its location in a folder.
    public func url(in folder: URL) -> URL { folder.appending(path: name) }

    /// Whether a folder has it: results of older versions lack newer files.
    public func exists(in folder: URL) -> Bool { FileManager.default.fileExists(atPath: url(in: folder).path) }

    /// Reads it from the folder of a result.
    ///
    /// - Throws: ``FileError`` with the location and the command that makes the file again.
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
    /// - Throws: ``FileError`` if the file is not JSON or, naming the key, if an older or newer version wrote it.
    static func read<Contents: Decodable>(_ url: URL, madeBy stage: StageName) throws -> Contents {
        let data = try FileError.contents(of: url)
        func malformed(_ problem: String) -> FileError {
            .malformed(path: url.path, line: nil, problem: problem, remedy: stage.remedy)
        }
        do {
            return try JSONDecoder().decode(Contents.self, from: data)
        } catch let error as DecodingError {
            guard let problem = error.problem else { throw malformed("the file is not valid JSON") }
            throw malformed("\(problem), so another version of Whalebook wrote the file")
        }
    }
}

extension DecodingError {
    /// The missing or wrong member, by its dotted path; nil if the text is not JSON.
    fileprivate var problem: String? {
        func name(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        return switch self {
        case .keyNotFound(let key, let context): "\(quoted: name(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(quoted: name(context.codingPath)) is missing"
        case .typeMismatch(_, let context): "\(quoted: name(context.codingPath)) has the wrong type"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? nil : "\(quoted: name(context.codingPath)) is not valid"
        @unknown default: nil
        }
    }
}

extension StageName {
    /// How to make a file of the stage again.
    var remedy: String { "Run 'whalebook run -f \(rawValue)'." }
}

/// A file that is passed on unread, such as a network's weights.
public typealias OpaqueFile = ResultFile<Data>

extension ResultFile where Contents == Data {
    /// Declares a file of bytes.
    public init(_ stage: StageName, _ name: String) {
        self.init(
            stage, name, read: { try FileError.contents(of: $0, mapped: true) },
            write: { try AtomicFile.write($0, to: $1) })
    }
}
