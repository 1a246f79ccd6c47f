import Foundation

/// Files and folders whose changes are looked for by their times.
struct SourceWatch {
    private let sources: [URL]
    private var seen: [[Int]?]

    /// Remembers how the sources are now; one that is missing may come.
    init(_ sources: [URL]) {
        self.sources = sources
        seen = sources.map(Self.stamp)
    }

    /// Whether something is not as it was when this was last asked.
    mutating func hasChanged() -> Bool {
        let now = sources.map(Self.stamp)
        defer { seen = now }
        return now != seen
    }

    /// What tells that a file, or the list of a folder, is another.
    private static func stamp(_ url: URL) -> [Int]? {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return nil }
        return [Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
}
