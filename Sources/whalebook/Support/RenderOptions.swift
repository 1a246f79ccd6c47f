import ArgumentParser
import Drawing
import Foundation
import Reports
import Workflow

/// What is rendered, into what, and where to.
struct RenderOptions: ParsableArguments {
    @Argument(help: "The documents; without any, reports/*.book.md.") var documents: [String] = []
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("Formats: gfm, html, text; several with commas.", valueName: "formats"),
        transform: RenderOptions.formats)
    var formats: [FrontMatter.Format] = []
    @Option(
        name: .customShort("P"), parsing: .singleValue,
        help: ArgumentHelp("Another value for a parameter of the documents.", valueName: "name=value"),
        transform: RenderOptions.parameter)
    var parameters: [(name: String, value: String)] = []
    @Option(help: ArgumentHelp("Where to write; without it, beside each document.", valueName: "dir"))
    var outputDir: String?
    @Option(
        help: ArgumentHelp(
            "Also keep the small files of the results there, for 'verify' on other machines.", valueName: "dir"))
    var reference: String?
    @Flag(help: "Let stale results pass: they are marked, but the exit code is 0.") var allowStale = false

    /// Renders and says on standard output what was written, on standard error what went wrong.
    ///
    /// - Parameter ran: The nodes that worked just now; nil where nothing was run.
    func render(_ project: Project, ran: [Node]? = nil) async throws {
        let surroundings = Surroundings(of: project.configuration.root, executable: Installation.executable)
        let inputs = try await project.reportInputs(
            command: Installation.command, surroundings: surroundings,
            versions: Canvas.versions.merging(["whalebook": Installation.version]) { $1 }, ran: ran)
        let publication = Publication(
            documents: try documents.isEmpty
                ? surroundings.documents() : documents.map { URL(filePath: $0).standardizedFileURL },
            formats: formats, parameters: Dictionary(parameters.map { ($0.name, $0.value) }) { $1 },
            outputDirectory: outputDir.map { URL(filePath: $0).standardizedFileURL })
        var isFlawed = false
        var used: [ReportNode] = []
        try publication.render(inputs) { result in
            used += result.results
            for output in result.outputs { print(Installation.shortened(output)) }
            for error in result.errors { Terminal.tell("\(error)") }
            if result.staleCells > 0 {
                Terminal.tell("stale results are shown and marked; 'whalebook status' says why")
            }
            isFlawed = isFlawed || !result.errors.isEmpty || (result.staleCells > 0 && !allowStale)
        }
        if let reference { try ReferenceFolder(URL(filePath: reference)).keep(used) }
        if isFlawed { throw FailureCode.flawed }
    }

    private static func formats(_ text: String) throws -> [FrontMatter.Format] {
        try text.split(separator: ",").map { name in
            guard let format = FrontMatter.Format(rawValue: String(name)) else {
                let known = FrontMatter.Format.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no format '\(name)'. Formats are: \(known).")
            }
            return format
        }
    }

    private static func parameter(_ text: String) throws -> (name: String, value: String) {
        guard let separator = text.firstIndex(of: "=") else {
            throw ValidationError("'-P \(text)' has no value. Write -P name=value, such as -P k=10.")
        }
        return (String(text[..<separator]), String(text[text.index(after: separator)...]))
    }
}
