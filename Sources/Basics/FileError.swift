import Foundation

/// What can go wrong with a file as such; each case says which file and what to do.
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
                    ?? "Check that the folder exists, is yours to write and has space.")
        case .malformed(let path, let line, let problem, let remedy):
            FileProblem(path: path, line: line, problem: problem, remedy: remedy).description
        }
    }

    /// What is wrong, without the path, for a message that has named the file already.
    public var problem: String {
        switch self {
        case .unreadable(_, let reason): "cannot be read: \(reason)"
        case .unwritable(_, let reason): "cannot be written: \(reason)"
        case .malformed(_, _, let problem, _): problem.shortened(to: Bounds.messageLength)
        }
    }

    /// Why a file operation failed, in the system's words where it has some; without a point at the end.
    public static func reason(of error: any Error) -> String {
        if let error = error as? FileError { return error.problem }
        if let code = SystemWords.code(of: error) { return SystemWords.of(code) }
        return switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file or directory"
        default: plain((error as NSError).localizedDescription)
        }
    }

    /// Whether files ran out, so that the error says nothing of the file that was wanted.
    public var isExhaustion: Bool {
        switch self {
        case .unreadable(_, let reason), .unwritable(_, let reason): SystemWords.isExhaustion(reason)
        case .malformed: false
        }
    }

    /// What `body` gives, or nil where it fails.
    ///
    /// - Throws: A ``FileError`` where files ran out: what was looked at may be whole.
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

    /// Foundation's sentences as part of one of ours.
    private static func plain(_ sentences: String) -> String {
        let text = sentences.replacingScalars(["\u{2019}": "'"])
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// Whether an error is one of Foundation's own, which says nothing of the file.
    static func isFoundations(_ error: any Error) -> Bool {
        [NSCocoaErrorDomain, NSPOSIXErrorDomain].contains((error as NSError).domain)
    }

    /// The bytes of a file, with what is missing, forbidden or no file reported as ``unreadable(path:reason:)``.
    ///
    /// - Parameters:
    ///   - mapped: Whether the file may stay on the disk and be read as its bytes are used.
    ///   - limit: Bytes above which it is refused, unless it is mapped.
    public static func contents(
        of url: URL, mapped: Bool = false, limit: Int = RegularFile.largestSize
    ) throws(FileError) -> Data {
        try RegularFile.contents(of: url.path, limit: limit, isMapped: mapped)
    }
}

/// What the system says of an operation that failed.
public enum SystemWords {
    /// The words of an error number, the last one where none is named, such as `no such file or directory`.
    public static func of(_ code: Int32 = errno) -> String {
        switch code {
        case EMFILE: tooManyFiles
        case ENFILE: tooManyFilesOfAll
        default: String(cString: strerror(code)).lowercased()
        }
    }

    /// The number behind an error of Foundation's, which may lie below several others; nil where there is none.
    static func code(of error: any Error) -> Int32? {
        var error = error
        while true {
            let plain = error as NSError
            if plain.domain == NSPOSIXErrorDomain { return Int32(exactly: plain.code) }
            // Below some errors lies one that is no object.
            let below = (error as? CocoaError)?.underlying ?? plain.userInfo[NSUnderlyingErrorKey] as? any Error
            guard let below else { return nil }
            error = below
        }
    }

    /// Why a link is refused; the system's words would tell of too many of them.
    public static let link = "it is a symbolic link, which is not followed here"

    /// Whether a reason is that no more files can be opened.
    static func isExhaustion(_ reason: String) -> Bool { [tooManyFiles, tooManyFilesOfAll].contains(reason) }

    /// What to do about a reason, where that has nothing to do with the file that was wanted.
    public static func remedy(for reason: String) -> String? {
        switch reason {
        case tooManyFiles: "Raise 'ulimit -n'."
        case tooManyFilesOfAll: "End other programs, or have the system's limit fs.file-max raised."
        case link: "Put what it leads to in its place."
        default: nil
        }
    }

    private static let tooManyFiles = "too many open files"
    private static let tooManyFilesOfAll = "too many open files in the whole system"
}

/// Something in a file that is not as it should be: where, what, and what to do.
public struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    /// The line of the file, from 1; nil where no single line is to blame.
    public let line: Int?
    public let problem: String
    public let remedy: String

    /// Describes a problem: `problem` without a point at its end, `remedy` as one or more sentences. Both may quote a cell
    /// of any length and are shortened then.
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

/// Collects problems so that all of them are told at once: the first twenty in words, the others by their number.
///
/// Its memory is bounded, however many there are.
public struct ProblemList: Sendable, Equatable, CustomStringConvertible {
    /// As many are kept.
    public static let limit = 20

    /// The first.
    public private(set) var problems: [FileProblem] = []
    /// All of them, also those that are not kept.
    public private(set) var count = 0

    /// Collects what is there already.
    public init(_ problems: some Sequence<FileProblem> = []) { for problem in problems { append(problem) } }

    /// Whether there is none.
    public var isEmpty: Bool { count == 0 }

    /// Whether no other is kept.
    public var isFull: Bool { problems.count == Self.limit }

    /// Adds a problem.
    public mutating func append(_ problem: FileProblem) {
        count += 1
        if problems.count < Self.limit { problems.append(problem) }
    }

    /// Adds those of another list.
    public mutating func append(_ other: ProblemList) {
        problems += other.problems.prefix(Self.limit - problems.count)
        count += other.count
    }

    /// Adds a problem by its parts; see ``FileProblem/init(path:line:problem:remedy:)``.
    public mutating func add(_ path: String, line: Int? = nil, _ problem: String, _ remedy: String) {
        append(.init(path: path, line: line, problem: problem, remedy: remedy))
    }

    /// One line each, and how many more there are.
    public var lines: [String] {
        let rest = count - problems.count
        return problems.map(\.description) + (rest > 0 ? ["… and \(rest) more."] : [])
    }

    public var description: String { lines.joined(separator: "\n") }
}

extension Collection<String> {
    /// The first twenty, and how many more there are, as a ``ProblemList`` tells them: a line each.
    public var firstLines: [String] {
        let rest = count - ProblemList.limit
        return prefix(ProblemList.limit) + (rest > 0 ? ["… and \(rest) more."] : [])
    }
}
