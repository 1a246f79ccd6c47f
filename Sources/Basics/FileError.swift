import Foundation

/// What can go wrong with a file as such; each case says which file and what to do.
public enum FileError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case malformed(path: String, line: Int?, problem: String, remedy: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "Cannot read \(path): \(reason). Check that the file exists and that you may read it."
        case .unwritable(let path, let reason):
            "Cannot write \(path): \(reason). Check that the folder exists, is yours to write and has space."
        case .malformed(let path, let line, let problem, let remedy):
            "\(path)\(line.map { ":\($0)" } ?? ""): \(problem). \(remedy)"
        }
    }

    /// The system's own words for why a file operation failed.
    public static func reason(of error: any Error) -> String {
        let cause = (error as? CocoaError)?.underlying ?? error
        if let cause = cause as? POSIXError {
            return String(cString: strerror(cause.code.rawValue)).lowercased()
        }
        return switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file or directory"
        default: (error as NSError).localizedDescription
        }
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
