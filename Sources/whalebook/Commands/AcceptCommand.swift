import ArgumentParser
import Basics
import Workflow

struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Says that a stage's changed sources change no result.",
        discussion: "Its suspect results are fresh again, and the ledger keeps who says so and why.")

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The stage.") var stage: String
    @Option(help: ArgumentHelp("Why its results stay as they are.", valueName: "text")) var reason: String

    func run() async throws {
        let stage = try StageName(named: stage)
        let accepted = try await options.project().accept(stage, reason: reason, command: Installation.command)
        Terminal.tell(
            accepted.isEmpty
                ? "nothing to accept: no result of \(quoted: stage.rawValue) is suspect"
                : "accepted \(NumberText.counted(accepted.count, "result", "results")) of \(quoted: stage.rawValue)")
    }
}
