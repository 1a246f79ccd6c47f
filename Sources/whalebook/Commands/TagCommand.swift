import ArgumentParser
import Workflow

struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Gives a run a name, which keeps its results from 'gc'.")

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The run: its number or a tag, 'current' or 'previous'.") var target: String
    @Argument(help: "The name.") var name: String

    func run() throws {
        let store = try options.project().store
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        var ledger = try Ledger(store)
        try ledger.tag(target, as: name)
    }
}
