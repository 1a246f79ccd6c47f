import Basics
import Results

/// `code`: declarations from Whalebook's own sources, by name; renaming one breaks the render.
struct CodeCell: CellKind {
    let name = "code"
    let stages: [StageName] = []
    let parameters = ["declaration", "file"]

    func content(_ context: CellContext) throws -> CellContent {
        let names = try context.texts("declaration")
        guard !names.isEmpty else {
            throw ValueError("the cell names no declaration", "Write 'declaration: FocalLoss'.")
        }
        let folder = SourceFolder(directory: context.artefacts.inputs.place.sourcesDirectory)
        let file = try context.text("file")
        var content = CellContent()
        for name in names {
            let found = try folder.declaration(named: name, file: file)
            let lines = found.declaration.lines
            let place = "\(folder.directory.lastPathComponent)/\(found.path)"
            let label = "\(MarkdownText.code(place, isInTable: false)), lines \(lines.lowerBound)–\(lines.upperBound)"
            let target = context.links.target(folder.directory.appending(path: found.path))
            let link = target.map { "[\(label)](\($0)#L\(lines.lowerBound)-L\(lines.upperBound))" } ?? label
            content.parts.append(.markdown(MarkdownText.block(found.declaration.text, language: "swift")))
            content.parts.append(.markdown("\(MarkdownText.code(name, isInTable: false)) in \(link)."))
        }
        return content
    }
}
