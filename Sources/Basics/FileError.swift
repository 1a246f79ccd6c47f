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
