import ArgumentParser
import Workflow

struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Makes the split alone and prints how many photographs play which role.")

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let project = try options.project()
        try await RunCommand.run(project, RunOptions(stages: [.split], command: Installation.command))
        print(try await project.splitSummary(), terminator: "")
    }
}
