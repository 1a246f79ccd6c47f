import Basics

/// The reason that an archive is not unpacked; nothing of it is kept.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
    /// The ways in which an entry's path is refused.
    public enum Flaw: String, Sendable, Equatable {
        case absolute = "its path begins at the root of the disk"
        case leaves = "its path leads out of the folder with '..'"
        case tooLong = "its path is longer than allowed"
        case unreadable = "its path is not UTF-8 text"
        case unclean = "its path has a backslash or a control character"
        case nameless = "it has no name"
        case repeated = "another entry has the same path"
        case fileAndFolder = "its path is that of a file and of a folder"
        case link = "it is a link"
        case special = "it is neither a file nor a folder"
    }

    /// It cannot be read to its end; `reason` is libarchive's.
    case damaged(archive: String, reason: String)
    case refused(archive: String, entry: String, Flaw)
    case tooManyBytes(archive: String, limit: Int64)
    case tooManyEntries(archive: String, limit: Int)
    /// More bytes come out than are plausible for its size.
    case inflates(archive: String, size: Int64, limit: Int64)
    case empty(archive: String)

    public var description: String {
        switch self {
        case .damaged(let archive, let reason):
            "\(archive) is damaged, cut short, or no archive of a supported form (.zip, .tar.gz): \(reason). Download it again."
        case .refused(let archive, let entry, let flaw):
            "\(archive) was not unpacked: the entry \(quoted: entry) is refused, because \(flaw.rawValue). "
                + Self.distrust
        case .tooManyBytes(let archive, let limit):
            "\(archive) was not unpacked: its contents exceed \(NumberText.bytes(Double(limit))). " + Self.distrust
        case .tooManyEntries(let archive, let limit):
            "\(archive) was not unpacked: it has more than \(NumberText.thousands(Double(limit))) entries. "
                + Self.distrust
        case .inflates(let archive, let size, let limit):
            """
            \(archive) was not unpacked: its \(NumberText.bytes(Double(size))) unpack to more than \
            \(NumberText.bytes(Double(limit))), which no archive of photographs does. \(Self.distrust)
            """
        case .empty(let archive):
            "\(archive) has none of the expected files. " + Self.distrust
        }
    }

    private static let distrust = "It is not what its publisher describes; use another copy."
}
