import Basics
import Results

/// `code`: snippets of our own sources by name, as they are now; a missing one breaks the render.
struct CodeCell: CellKind {
    let name = "code"
    let stages: [StageName] = []
    let parameters = ["snippet"]

    func content(_ context: CellContext) throws -> CellContent {
        let names = try context.texts("snippet")
        guard !names.isEmpty else {
            throw ValueError("the cell names no snippet", "Write 'snippet: focal-loss'.")
        }
        let directory = context.artefacts.inputs.place.sourcesDirectory
        var content = CellContent()
        for name in names {
            let snippet = try Snippet.named(name, in: directory)
            let lines = snippet.lines
            let place = "\(directory.lastPathComponent)/\(snippet.path)"
            let label = "\(MarkdownText.code(place, isInTable: false)), lines \(lines.lowerBound)–\(lines.upperBound)"
            let target = context.links.target(directory.appending(path: snippet.path))
            let link = target.map { "[\(label)](\($0)#L\(lines.lowerBound)-L\(lines.upperBound))" } ?? label
            content.parts.append(.markdown(MarkdownText.block(snippet.text, language: "swift")))
            content.parts.append(.markdown("From \(link)."))
        }
        return content
    }
}
