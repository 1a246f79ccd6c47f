import Basics
import Options
import Results

struct CodeCell: CellKind {
    static let name = "code"
    static let summary = "Passages of Whalebook's own sources by name, as they are now."
    static let stages: [StageName] = []

    @Option(
        """
        The names of the passages, such as `focal-loss`, in the order shown. A passage stands between \
        `// snippet.begin NAME` and `// snippet.end`.
        """, as: .either(.list(.text, allowsEmpty: false), .text), required: true)
    var snippet = OneOrMany<String>()

    func content(_ context: CellContext) throws -> CellContent {
        let directory = context.artefacts.inputs.place.sourcesDirectory
        var content = CellContent()
        for name in snippet.values {
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
