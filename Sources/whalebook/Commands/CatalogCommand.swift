import ArgumentParser
import Workflow

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Says what is in a folder of photographs, and everything that is wrong there.",
        discussion: """
            Every photograph is opened, so that broken files and duplicates are found. Exit code 1 where something is \
            wrong; duplicates alone are not.
            """)

    @Argument(help: "The folder of photographs.") var directory: String
    @OptionGroup var layout: LayoutOptions
    @Flag(inversion: .prefixedNo, help: "Open every photograph.") var open = true
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let progress = TerminalProgress()
        let inspection = try CatalogInspection(
            layout.settings(of: directory), opensPhotographs: open, progress: progress.show)
        progress.clear()
        let summary = CatalogSummary(inspection)
        print(json ? summary.json.text : summary.text, terminator: "")
        for problem in inspection.problems { Terminal.tell("error: \(problem)") }
        if !inspection.problems.isEmpty { throw ExitCode.failure }
    }
}
