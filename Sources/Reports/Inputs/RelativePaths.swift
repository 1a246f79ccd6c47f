import Foundation

/// Removes absolute paths from the text of documents: where the files are is private.
struct RelativePaths {
    private let folders: [String]

    /// The characters that end a path within a text.
    private static let ends: Set<Character> = ["'", "\"", "`", ",", ";", ":", ")", "]", "}", ">", "|"]
    /// The characters that may precede a path.
    private static let starts: Set<Character> = ["'", "\"", "`", ",", ";", ":", "(", "[", "{", "<", "|", "="]

    /// - Parameter root: The project's folder.
    init(root: URL) {
        folders = Set([root.path, root.resolvingSymlinksInPath().path]).sorted { $0.count > $1.count }
            .map { $0.hasSuffix("/") ? $0 : $0 + "/" }.filter { $0 != "/" }
    }

    /// The text with paths inside the project relative to it, and only the last component of others.
    func shortened(_ text: String) -> String {
        var text = text
        for folder in folders { text = text.replacing(folder, with: "") }
        var result = ""
        var rest = text[...]
        while let slash = rest.firstIndex(of: "/") {
            result += rest[..<slash]
            let path = rest[slash...].prefix { !$0.isWhitespace && !Self.ends.contains($0) }
            rest = rest[path.endIndex...]
            let begins = result.last.map { $0.isWhitespace || Self.starts.contains($0) } ?? true
            let name = path.split(separator: "/").last
            // `://` is an address, and a lone slash is not a path.
            result += begins && !path.hasPrefix("//") ? name ?? path : path
        }
        return result + rest
    }
}
