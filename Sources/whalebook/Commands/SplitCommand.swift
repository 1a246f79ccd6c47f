import ArgumentParser
import Basics
import Foundation
import Workflow

struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Splits the photographs, and prints how many have each role and what leaks between roles.")

    @OptionGroup var options: ProjectOptions
    @Option(help: "Also write the scenarios to this folder, in the competition's format with labels.")
    var scenariosTo: String?

    func run() async throws {
        let project = try options.project()
        try await RunCommand.run(project, RunOptions(stages: [.split], command: Installation.command))
        Terminal.print(text: try await project.splitSummary())
        guard let scenariosTo else { return }
        for folder in try await project.writeScenarios(to: UserPath.url(scenariosTo)) {
            Terminal.print(folder.appending(path: "query_scenarios.csv").path)
        }
    }
}
