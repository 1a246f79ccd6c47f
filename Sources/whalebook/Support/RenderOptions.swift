import Basics
import ArgumentParser
import Foundation
import Reports
import Results
import Workflow

/// What is rendered, into what, and where to.
struct RenderOptions: ParsableArguments {
    @OptionGroup var selection: DocumentOptions
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("Formats: gfm, html, text; several with commas.", valueName: "formats"),
        transform: RenderOptions.formats)
    var formats: [FrontMatter.Format] = []
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
        var isFlawed = false
        var used: [ReportNode] = []
        try await selection.render(
            project, formats: formats, to: outputDir.map { URL(filePath: $0).standardizedFileURL }, ran: ran
        ) { result in
            used += result.results
            for output in result.outputs { Terminal.print(Installation.shortened(output)) }
            result.tellFlaws()
            isFlawed = isFlawed || !result.errors.isEmpty || (result.staleCells > 0 && !allowStale)
        }
        if let reference { try ReferenceFolder(URL(filePath: reference)).keep(used) }
        if isFlawed { throw FailureCode.flawed }
    }

    /// Where the reports are: the folder that was named, else the first document's; nil without a document.
    func folder(_ project: Project) throws -> URL? {
        if let outputDir { return URL(filePath: outputDir).standardizedFileURL }
        let surroundings = Surroundings(of: project.configuration.root, executable: Installation.executable)
        return try selection.files(surroundings).first?.deletingLastPathComponent()
    }

    private static func formats(_ text: String) throws -> [FrontMatter.Format] {
        try text.split(separator: ",").map { name in
            guard let format = FrontMatter.Format(rawValue: String(name)) else {
                let known = FrontMatter.Format.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no format \(quoted: name). Formats are: \(known).")
            }
            return format
        }
    }
}
