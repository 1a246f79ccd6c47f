import Foundation

/// Puts documents into a Swift source, so that the program has them wherever it is installed.
enum DocumentSources {
    /// A declaration of each document's text by its file name.
    static func text(of documents: [URL]) throws -> String {
        var text = "/// Made by stage-sources: the documents in reports/, by file name.\n"
        text += "enum DocumentSources {\n    static let texts: [(name: String, text: String)] = [\n"
        for document in documents {
            let contents = try String(contentsOf: document, encoding: .utf8)
            // Swift's own escapes: a raw string would have to know what the documents may hold.
            text += "        (name: \(document.lastPathComponent.debugDescription), "
            text += "text: \(contents.debugDescription)),\n"
        }
        return text + "    ]\n}\n"
    }
}
