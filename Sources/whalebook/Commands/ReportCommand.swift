import ArgumentParser
import Workflow

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Runs what is not fresh, then renders documents.",
        discussion: """
            Without a document it renders reports/*.book.md; if there are none, it first writes the three built-in \
            documents there. It lists names that may be wrong in suspects.csv next to the reports.
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var rendering: RenderOptions
    @OptionGroup var loudness: LoudnessOptions

    func run() async throws { try await Launch.whole { try await run(among: $0) } }

    private func run(among crew: Crew) async throws {
        let project = try options.project(crew: crew)
        if rendering.selection.documents.isEmpty {
            let written = try BuiltInDocuments.writeWhereMissing(
                in: ProjectLayout(of: project.configuration.root, executable: Installation.executable))
            if let folder = written.first?.deletingLastPathComponent() {
                Terminal.report(
                    "\(Installation.shortened(folder)) had no document: wrote the three built-in ones there.")
            }
        }
        let summary = try await RunCommand.run(project, RunOptions(command: Installation.command), loudness.verbosity)
        var flaw: ExitCode?
        do {
            try await rendering.render(project, ran: summary.ran)
        } catch let code as ExitCode {
            flaw = code
        }
        try await tellSuspects(project)
        try await RunCommand.tellHeadline(project, summary, next: "whalebook identify PHOTO...")
        if let flaw { throw flaw }
    }

    private func tellSuspects(_ project: Project) async throws {
        guard let folder = try rendering.folder(project), let list = try await project.layOutSuspects(in: folder) else {
            return
        }
        switch list {
        case .written(let file): Terminal.report("Names that may be wrong: \(Installation.shortened(file))")
        case .kept(let file, let newer):
            Terminal.report(
                """
                \(Installation.shortened(file)) was edited and is not changed. This run's list: \
                \(Installation.shortened(newer))
                """)
        }
    }
}
