import Foundation

/// A folder whose files may be read, and nothing else of the machine.
struct ServedFolder {
    /// Without symbolic links.
    private let root: String

    /// Names the folder, which need not be there yet.
    init(_ url: URL) { root = Self.resolved(url.path) ?? url.path }

    /// The contents and the type of a regular file in the folder; nil for anything else, hidden files and what a
    /// symbolic link leads out to among it.
    func file(_ path: [String]) -> (type: String, contents: Data)? {
        // No empty name, no `.` and `..`, no stroke that came encoded.
        let isPlain = path.allSatisfy { name in
            !name.isEmpty && !name.hasPrefix(".") && !name.unicodeScalars.contains { $0 == "/" || $0 == "\0" }
        }
        guard isPlain, !path.isEmpty, let place = Self.resolved(([root] + path).joined(separator: "/")),
            place.hasPrefix(root + "/")
        else { return nil }
        // Resolved already: a link that took the place since is not followed, and a pipe does not hold us up.
        let descriptor = open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let contents = try? handle.readToEnd() ?? Data()
        else { return nil }
        return (Self.type(of: path[path.count - 1]), contents)
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last?.lowercased() {
        case "html": Response.html
        case "md", "txt": "text/plain; charset=utf-8"
        case "json": "application/json"
        case "csv": "text/csv; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        default: "application/octet-stream"
        }
    }
}
