import Basics
import Foundation

/// What a command may write over: only a file of the kind that it writes itself.
enum OutputFile {
    /// Makes sure that nothing lies at a place, or an earlier list with those columns.
    ///
    /// - Throws: ``WorkflowError/notOurs(path:kind:)``.
    static func requireFree(_ url: URL, orTableOf columns: [String], kind: String) throws {
        let head = Data(CSVTable.text(header: columns, rows: []).utf8)
        try requireFree(url, orBeginningWith: [head, head.dropLast() + Data("\r\n".utf8)], kind: kind)
    }

    /// Makes sure that nothing lies at a place, or a file whose first bytes are one of some beginnings.
    ///
    /// - Throws: ``WorkflowError/notOurs(path:kind:)``; ``FileError`` where files ran out.
    static func requireFree(_ url: URL, orBeginningWith beginnings: [Data], kind: String) throws {
        var status = stat()
        guard lstat(url.path, &status) == 0 else { return }
        let length = beginnings.map(\.count).max() ?? 0
        let head = try FileError.attempt { try RegularFile.head(of: url.path, count: length) } ?? Data()
        // An empty file is nobody's work.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 || beginnings.contains(where: head.starts) else {
            throw WorkflowError.notOurs(path: url.path, kind: kind)
        }
    }
}
