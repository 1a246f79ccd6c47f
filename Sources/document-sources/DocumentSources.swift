import Foundation

/// Writes documents into a Swift source at build time, so that the program has them wherever it is installed:
/// `document-sources OUTPUT DOCUMENT...`.
@main
enum DocumentSources {
    static func main() throws {
        let arguments = CommandLine.arguments
        try text(of: arguments.dropFirst(2).map { URL(filePath: $0) })
            .write(to: URL(filePath: arguments[1]), atomically: true, encoding: .utf8)
    }

    /// The declaration of the documents' texts by file name.
    private static func text(of documents: [URL]) throws -> String {
        var text = "/// Made by document-sources: the documents in reports/, by file name.\n"
        text += "enum DocumentTexts {\n    static let texts: [(name: String, text: String)] = [\n"
        for document in documents {
            let contents = try String(contentsOf: document, encoding: .utf8)
            // Swift's own escapes, because a raw string would depend on the documents' contents.
            text += "        (name: \(document.lastPathComponent.debugDescription), "
            text += "text: \(contents.debugDescription)),\n"
        }
        return text + "    ]\n}\n"
    }
}
