import ArgumentParser
import Basics
import Drawing
import Foundation
import Reports
import Results
import Workflow

/// Which documents, with which parameters.
struct DocumentOptions: ParsableArguments {
    @Argument(help: "The documents; without any, reports/*.book.md.") var documents: [String] = []
    @Option(
        name: .customShort("P"), parsing: .singleValue,
        help: ArgumentHelp("Another value for a parameter of the documents.", valueName: "name=value"),
        transform: DocumentOptions.parameter)
    var parameters: [(name: String, value: String)] = []

    /// The documents' files.
    func files(_ surroundings: Surroundings) throws -> [URL] {
        try documents.isEmpty ? surroundings.documents() : documents.map { URL(filePath: $0).standardizedFileURL }
    }

    /// Renders from what is there.
    ///
    /// - Parameters:
    ///   - folder: Receives all outputs; nil writes each document's beside it.
    ///   - ran: The nodes that worked just now; nil where nothing was run.
    ///   - rendered: Told of each document as soon as it is written.
    func render(
        _ project: Project, formats: [FrontMatter.Format], to folder: URL?, ran: [Node]? = nil,
        rendered: (RenderResult) -> Void
    ) async throws {
        let surroundings = Surroundings(of: project.configuration.root, executable: Installation.executable)
        let inputs = try await project.reportInputs(
            command: Installation.command, surroundings: surroundings,
            versions: Canvas.versions.merging(["whalebook": Installation.version]) { $1 }, ran: ran)
        for line in inputs.damage { Terminal.tell(line) }
        let publication = Publication(
            documents: try files(surroundings), formats: formats,
            parameters: Dictionary(parameters.map { ($0.name, $0.value) }) { $1 }, outputDirectory: folder)
        try publication.render(inputs, rendered: rendered)
    }

    private static func parameter(_ text: String) throws -> (name: String, value: String) {
        guard let separator = text.firstIndex(of: "=") else {
            throw ValidationError("\(quoted: "-P \(text)") has no value. Write -P name=value, such as -P k=10.")
        }
        return (String(text[..<separator]), String(text[text.index(after: separator)...]))
    }
}

extension RenderResult {
    /// As many different errors as are told.
    private static let shown = 10

    /// Says on standard error what the document shows of errors and stale results.
    func tellFlaws() {
        // One missing result may be missed in seventy places: what is the same is told once.
        var told: Set<String> = []
        let first = errors.filter { told.insert($0.message).inserted }
        for error in first.prefix(Self.shown) {
            let others = errors.count { $0.message == error.message } - 1
            Terminal.tell("\(error)" + (others > 0 ? " (and in \(others) more places)" : ""))
        }
        if first.count > Self.shown {
            Terminal.tell("… and \(first.count - Self.shown) other errors; the document has each in its place")
        }
        for gap in gaps.map(\.description).firstLines { Terminal.tell(gap) }
        if staleCells > 0 { Terminal.tell("stale results are shown and marked; 'whalebook status' says why") }
    }
}
