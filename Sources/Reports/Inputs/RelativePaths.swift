import Foundation

/// Takes absolute paths out of text for documents: where somebody keeps the files is nobody else's business.
struct RelativePaths {
    private let folders: [String]

    /// What ends a path within a text.
    private static let ends: Set<Character> = ["'", "\"", "`", ",", ";", ":", ")", "]", "}", ">", "|"]
    /// What a path may follow.
    private static let starts: Set<Character> = ["'", "\"", "`", ",", ";", ":", "(", "[", "{", "<", "|", "="]

    /// - Parameter root: The project's folder.
    init(root: URL) {
        folders = Set([root.path, root.resolvingSymlinksInPath().path]).sorted { $0.count > $1.count }
            .map { $0.hasSuffix("/") ? $0 : $0 + "/" }.filter { $0 != "/" }
    }

    /// The text with paths into the project relative to it, and of others the last component.
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
            // `://` is an address, and a slash alone no path.
            result += begins && !path.hasPrefix("//") ? name ?? path : path
        }
        return result + rest
    }
}
