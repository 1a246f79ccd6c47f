import ArgumentParser
import Basics
import Foundation
import Workflow

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Summarises a folder of photographs and lists its problems.",
        discussion: """
            Opens every photograph to find broken files and duplicates. The exit code is 1 if there is a problem; \
            duplicates alone are not a problem.

            With --apply and --output it writes a corrected catalogue instead: it merges or splits the suspects marked \
            'accept' in the column 'decision' of a suspects.csv, or applies the decisions.csv of 'whalebook review'. The \
            folder itself is not changed.
            """)

    @Argument(help: "The folder of photographs.") var directory: String
    @OptionGroup var layout: LayoutOptions
    @Flag(inversion: .prefixedNo, help: "Open every photograph.") var open = true
    @Flag(help: "Print JSON.") var json = false
    @Option(
        help: ArgumentHelp(
            "Draw some photographs, what their boxes crop, and what their outlines divide, into this file.",
            valueName: "sheet.png"))
    var sheet: String?

    @Option(
        help: ArgumentHelp("A suspects.csv with your decisions, or a decisions.csv.", valueName: "file.csv"))
    var apply: String?
    @Option(help: ArgumentHelp("The folder to write the corrected catalogue to.", valueName: "dir")) var output: String?

    func validate() throws {
        if let sheet, URL(filePath: sheet).pathExtension.lowercased() != "png" {
            throw ValidationError("--sheet \(sheet) does not end in .png.")
        }
        if (apply == nil) != (output == nil) { throw ValidationError("Give both --apply and --output, or neither.") }
        if apply != nil, sheet != nil { throw ValidationError("--sheet has no effect with --apply.") }
    }

    func run() throws {
        if let apply, let output { return try correct(by: apply, to: output) }
        let progress = TerminalProgress()
        let inspection = try CatalogInspection(
            layout.settings(of: directory), opensPhotographs: open, progress: progress.show)
        progress.clear()
        let summary = CatalogSummary(inspection)
        if json { Terminal.print(json: summary.json.text) } else { Terminal.print(text: summary.text) }
        if let sheet {
            for page in try BoxSheet(inspection).write(to: UserPath.url(sheet)) {
                Terminal.report("wrote \(Installation.shortened(page))")
            }
        }
        guard !inspection.problems.isEmpty else { return }
        for line in inspection.problems.lines { Terminal.report("error: \(line)") }
        throw ExitCode.failure
    }

    private func correct(by suspects: String, to output: String) throws {
        let correction = try CatalogCorrection(
            UserPath.url(suspects), data: layout.settings(of: directory))
        try correction.write(to: UserPath.url(output))
        Terminal.print(text: correction.text)
    }
}
