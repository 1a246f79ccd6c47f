import Foundation

/// A problem with a file; each case says which file and what to do.
public enum FileError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case malformed(path: String, line: Int?, problem: String, remedy: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "Cannot read \(path.shortened(to: Bounds.pathLength)): \(reason). "
                + (SystemWords.remedy(for: reason) ?? "Check that the file exists and that you may read it.")
        case .unwritable(let path, let reason):
            "Cannot write \(path.shortened(to: Bounds.pathLength)): \(reason). "
                + (SystemWords.remedy(for: reason)
                    ?? "Check that the folder exists, is writable and has space.")
        case .malformed(let path, let line, let problem, let remedy):
            FileProblem(path: path, line: line, problem: problem, remedy: remedy).description
        }
    }

    /// What is wrong, without the path, for a message that already names the file.
    public var problem: String {
        switch self {
        case .unreadable(_, let reason): "cannot be read: \(reason)"
        case .unwritable(_, let reason): "cannot be written: \(reason)"
        case .malformed(_, _, let problem, _): problem.shortened(to: Bounds.messageLength)
        }
    }

    /// Why a file operation failed, in the system's words if possible, without a final full stop.
    public static func reason(of error: any Error) -> String {
        if let error = error as? FileError { return error.problem }
        if let code = SystemWords.code(of: error) { return SystemWords.of(code) }
        return switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file or directory"
        default: plain((error as NSError).localizedDescription)
        }
    }

    /// Whether too many files were open, so that the error does not concern this file.
    public var isExhaustion: Bool {
        switch self {
        case .unreadable(_, let reason), .unwritable(_, let reason): SystemWords.isExhaustion(reason)
        case .malformed: false
        }
    }

    /// The result of `body`, or nil if it fails.
    ///
    /// - Throws: A ``FileError`` if too many files are open, because the file may be intact.
    public static func attempt<Value>(_ body: () throws -> Value) throws(FileError) -> Value? {
        do {
            return try body()
        } catch let error as FileError where error.isExhaustion {
            throw error
        } catch {
            let reason = reason(of: error)
            guard SystemWords.isExhaustion(reason) else { return nil }
            let path = (error as NSError).userInfo[NSFilePathErrorKey] as? String
            throw .unreadable(path: path ?? "a file", reason: reason)
        }
    }

    /// Foundation's message, adapted to become part of a sentence.
    private static func plain(_ sentences: String) -> String {
        let text = sentences.replacingScalars(["\u{2019}": "'"])
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// Whether an error is one of Foundation's own, which does not name the file.
    static func isFoundations(_ error: any Error) -> Bool {
        [NSCocoaErrorDomain, NSPOSIXErrorDomain].contains((error as NSError).domain)
    }

    /// The bytes of a file of at most `limit` bytes. With `mapped`, it may be memory-mapped and read on demand, and
    /// then have any size.
    ///
    /// - Throws: ``unreadable(path:reason:)`` for a missing, forbidden or irregular file,
    ///   ``malformed(path:line:problem:remedy:)`` for one that is too large.
    public static func contents(
        of url: URL, mapped: Bool = false, limit: Int = RegularFile.largestSize
    ) throws(FileError) -> Data {
        try RegularFile.contents(of: url.path, limit: limit, isMapped: mapped)
    }
}

/// The system's reasons for failed operations.
public enum SystemWords {
    /// The message of an error number, by default the last one, such as `no such file or directory`.
    public static func of(_ code: Int32 = errno) -> String {
        switch code {
        case EMFILE: tooManyFiles
        case ENFILE: tooManyFilesOfAll
        default: String(cString: strerror(code)).lowercased()
        }
    }

    /// The error number underlying a Foundation error, possibly several levels down; nil if there is none.
    static func code(of error: any Error) -> Int32? {
        var error = error
        while true {
            let plain = error as NSError
            if plain.domain == NSPOSIXErrorDomain { return Int32(exactly: plain.code) }
            // Some underlying errors are not objects.
            let below = (error as? CocoaError)?.underlying ?? plain.userInfo[NSUnderlyingErrorKey] as? any Error
            guard let below else { return nil }
            error = below
        }
    }

    /// Why a link is refused; the system's message would claim too many levels of links.
    public static let link = "it is a symbolic link, which is not followed here"

    /// Whether the reason is that no more files can be opened.
    static func isExhaustion(_ reason: String) -> Bool { [tooManyFiles, tooManyFilesOfAll].contains(reason) }

    /// What to do about a reason that does not concern the file itself.
    public static func remedy(for reason: String) -> String? {
        switch reason {
        case tooManyFiles: "Raise 'ulimit -n'."
        case tooManyFilesOfAll: "End other programs, or raise the system's limit fs.file-max."
        case link: "Replace it by the file or folder it points to."
        default: nil
        }
    }

    private static let tooManyFiles = "too many open files"
    private static let tooManyFilesOfAll = "too many open files in the whole system"
}

/// A problem in a file: where it is, what is wrong, and what to do.
public struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    /// The line of the file, from 1; nil if no single line is at fault.
    public let line: Int?
    public let problem: String
    public let remedy: String

    /// Describes a problem: `problem` without a final full stop, `remedy` as one or more sentences. Both are shortened
    /// if they quote a long cell.
    public init(path: String, line: Int?, problem: String, remedy: String) {
        self.path = path.shortened(to: Bounds.pathLength)
        self.line = line
        self.problem = problem.shortened(to: Bounds.messageLength)
        self.remedy = remedy.shortened(to: Bounds.messageLength)
    }

    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }

    /// What is wrong and what to do, without the place.
    public var message: String { "\(problem). \(remedy)" }
}

/// Collects problems to report together: the first twenty in full, the others by number.
///
/// Its memory is bounded for any number of problems.
public struct ProblemList: Sendable, Equatable, CustomStringConvertible {
    /// The number of problems kept.
    public static let limit = 20

    /// The first problems.
    public private(set) var problems: [FileProblem] = []
    /// The number of all problems, including those not kept.
    public private(set) var count = 0

    /// Creates a list of problems.
    public init(_ problems: some Sequence<FileProblem> = []) { for problem in problems { append(problem) } }

    /// Whether there are no problems.
    public var isEmpty: Bool { count == 0 }

    /// Whether no more problems are kept.
    public var isFull: Bool { problems.count == Self.limit }

    /// Adds a problem.
    public mutating func append(_ problem: FileProblem) {
        count += 1
        if problems.count < Self.limit { problems.append(problem) }
    }

    /// Adds the problems of another list.
    public mutating func append(_ other: ProblemList) {
        problems += other.problems.prefix(Self.limit - problems.count)
        count += other.count
    }

    /// Adds a problem by its parts; see ``FileProblem/init(path:line:problem:remedy:)``.
    public mutating func add(_ path: String, line: Int? = nil, _ problem: String, _ remedy: String) {
        append(.init(path: path, line: line, problem: problem, remedy: remedy))
    }

    /// One line for each problem, and the number of others.
    public var lines: [String] {
        let rest = count - problems.count
        return problems.map(\.description) + (rest > 0 ? ["… and \(rest) more."] : [])
    }

    public var description: String { lines.joined(separator: "\n") }
}

extension Collection<String> {
    /// The first twenty lines and the number of others, as in ``ProblemList``.
    public var firstLines: [String] {
        let rest = count - ProblemList.limit
        return prefix(ProblemList.limit) + (rest > 0 ? ["… and \(rest) more."] : [])
    }
}
