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

/// What makes a page load itself again; it is in no file, only in what is served.
enum ChangeScript {
    /// Where the versions are told, as server-sent events. No file has such a name: hidden ones are not served.
    static let path = [".changes"]

    /// A page with the script at its end.
    static func added(to html: Data, version: String) -> Data {
        let end = html.range(of: Data("</body>".utf8), options: .backwards)?.lowerBound ?? html.endIndex
        return html[..<end] + Data(source(version).utf8) + html[end...]
    }

    /// A hidden page does not listen: browsers grant a server six lines in all.
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
