import ArgumentParser
import Foundation
import Workflow

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Says what is in a folder of photographs, and everything that is wrong there.",
        discussion: """
            Every photograph is opened, so that broken files and duplicates are found. Exit code 1 where something is \
            wrong; duplicates alone are not.

            With --apply and --output it writes a corrected catalogue instead: suspects that are marked 'accept' in the \
            column 'decision' of a suspects.csv are merged or split; the folder itself stays as it is.
            """)

    @Argument(help: "The folder of photographs.") var directory: String
    @OptionGroup var layout: LayoutOptions
    @Flag(inversion: .prefixedNo, help: "Open every photograph.") var open = true
    @Flag(help: "Print JSON.") var json = false

    @Option(
        help: ArgumentHelp("The suspects.csv of a search, with decisions.", valueName: "suspects.csv"))
    var apply: String?
    @Option(help: ArgumentHelp("The folder to write the corrected catalogue to.", valueName: "dir")) var output: String?

    func validate() throws {
        if (apply == nil) != (output == nil) { throw ValidationError("Give both --apply and --output, or neither.") }
    }

    func run() throws {
        if let apply, let output { return try correct(by: apply, to: output) }
        let progress = TerminalProgress()
        let inspection = try CatalogInspection(
            layout.settings(of: directory), opensPhotographs: open, progress: progress.show)
        progress.clear()
        let summary = CatalogSummary(inspection)
        if json { Terminal.print(json: summary.json.text) } else { Terminal.print(text: summary.text) }
        guard !inspection.problems.isEmpty else { return }
        for line in inspection.problems.lines { Terminal.tell("error: \(line)") }
        throw ExitCode.failure
    }

    private func correct(by suspects: String, to output: String) throws {
        let correction = try CatalogCorrection(
            URL(filePath: suspects).standardizedFileURL, data: layout.settings(of: directory))
        try correction.write(to: URL(filePath: output).standardizedFileURL)
        Terminal.print(text: correction.text)
    }
}
