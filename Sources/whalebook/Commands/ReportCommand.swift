import ArgumentParser
import Workflow

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Runs what is not fresh, then renders documents.")

    @OptionGroup var options: ProjectOptions
    @OptionGroup var rendering: RenderOptions
    @OptionGroup var loudness: LoudnessOptions

    func run() async throws {
        let project = try options.project()
        let summary = try await RunCommand.run(project, RunOptions(command: Installation.command), loudness.verbosity)
        try await rendering.render(project, ran: summary.ran)
    }
}
