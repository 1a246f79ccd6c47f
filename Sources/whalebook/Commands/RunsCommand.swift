import ArgumentParser
import Workflow

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs", abstract: "Lists the runs, newest last.")

    @OptionGroup var options: ProjectOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let table = try RunsTable(Ledger(options.project().store))
        if json { Terminal.print(json: try table.json.text) } else { Terminal.print(text: table.text) }
    }
}
