import Basics
import Foundation

/// Makes relative links from the folder of a document; nothing outside the project is linked to.
struct Links {
    private let output: URL
    private let root: URL
    /// The enlargements next to the document.
    let photographs: PhotographFiles?
    /// The folder of the page that has the links, relative to the document's: none for the document itself.
    private let place: [String]

    init(from output: URL, root: URL, photographs: PhotographFiles? = nil) {
        self.init(output: output.standardizedFileURL, root: root.standardizedFileURL, photographs: photographs)
    }

    private init(output: URL, root: URL, photographs: PhotographFiles?, place: [String] = []) {
        self.output = output
        self.root = root
        self.photographs = photographs
        self.place = place
    }

    /// The links of a document's page in a folder, relative to the document's folder.
    func page(in folder: String) -> Links {
        Links(
            output: output.appending(path: folder), root: root, photographs: photographs,
            place: folder.split(separator: "/").map(String.init))
    }

    /// The relative path of a file that is given relative to the document.
    func path(ofDocumentFile path: String) -> String {
        Self.path(from: place, to: path.split(separator: "/").map(String.init))
    }

    /// Like ``path(ofDocumentFile:)``, encoded for a link.
    func target(ofDocumentFile path: String) -> String { MarkdownText.target(self.path(ofDocumentFile: path)) }

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
        return path(from: output, to: target)
    }

    /// The relative path from a folder to a file, both by their components from one place.
    private static func path(from folder: [String], to file: [String]) -> String {
        let shared = zip(folder, file).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: folder.count - shared) + file.dropFirst(shared)).joined(separator: "/")
    }

    /// Like ``path(to:)``, encoded for a link.
    func target(_ url: URL) -> String? { path(to: url).map(MarkdownText.target) }
}
