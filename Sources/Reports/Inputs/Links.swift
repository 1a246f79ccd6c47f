import Basics
import Foundation

/// Makes relative links from the folder of a document; nothing outside the project is linked to.
struct Links {
    private let output: URL
    private let root: URL
    /// The enlargements next to the document.
    let photographs: PhotographFiles?

    init(from output: URL, root: URL, photographs: PhotographFiles? = nil) {
        self.output = output.standardizedFileURL
        self.root = root.standardizedFileURL
        self.photographs = photographs
    }

    /// The relative path of a file; nil if it or the document is outside the project.
    ///
    /// A folder of the project that is a symbolic link, such as one to the photographs, counts as part of the project.
    func path(to url: URL) -> String? {
        let target = url.standardizedFileURL
        return Self.path(from: output, to: target, in: root)
            ?? Self.path(
                from: output.resolvingSymlinksInPath(), to: target.resolvingSymlinksInPath(),
                in: root.resolvingSymlinksInPath())
    }

    private static func path(from output: URL, to target: URL, in root: URL) -> String? {
        let (output, target, root) = (output.pathComponents, target.pathComponents, root.pathComponents)
        guard target.starts(with: root), output.starts(with: root) else { return nil }
        let shared = zip(output, target).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: output.count - shared) + target.dropFirst(shared)).joined(separator: "/")
    }

    /// Like ``path(to:)``, encoded for a link.
    func target(_ url: URL) -> String? { path(to: url).map(MarkdownText.target) }
}
