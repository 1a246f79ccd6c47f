import Foundation

/// Watches files and folders for changes by their times.
struct SourceWatch {
    private let sources: [URL]
    private var seen: [[Int]?]

    /// Records the current state of the sources; missing ones may appear later.
    init(_ sources: [URL]) {
        self.sources = sources
        seen = sources.map(Self.stamp)
    }

    /// Whether anything has changed since the last call.
    mutating func hasChanged() -> Bool {
        let now = sources.map(Self.stamp)
        defer { seen = now }
        return now != seen
    }

    /// The properties that change with a file or a folder's list.
    private static func stamp(_ url: URL) -> [Int]? {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return nil }
        return [Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
}

/// The script that reloads a page; it is only in served pages, not in files.
enum ChangeScript {
    /// The path of the version events (server-sent events). It cannot be a file's, because hidden files are not served.
    static let path = [".changes"]

    /// Adds the script to the end of a page.
    static func added(to html: Data, version: String) -> Data {
        let end = html.range(of: Data("</body>".utf8), options: .backwards)?.lowerBound ?? html.endIndex
        return html[..<end] + Data(source(version).utf8) + html[end...]
    }

    /// A hidden page does not listen, because browsers allow only six connections per server.
    private static func source(_ version: String) -> String {
        """
        <script>
        (() => {
          let changes;
          const listen = () => {
            changes?.close();
            if (document.hidden) return;
            changes = new EventSource("/\(path[0])");
            changes.onmessage = change => { if (change.data !== "\(version)") location.reload(); };
          };
          document.addEventListener("visibilitychange", listen);
          listen();
        })();
        </script>

        """
    }
}
