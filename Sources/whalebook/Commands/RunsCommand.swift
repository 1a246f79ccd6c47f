import ArgumentParser
import Workflow

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs", abstract: "Lists the runs, newest last.")

    @OptionGroup var options: ProjectOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let ledger = try Ledger(options.project().store)
        let table = RunsTable(ledger)
        if json { Terminal.print(json: try table.json.text) } else { Terminal.print(text: table.text) }
        if let gap = ledger.gap { Terminal.tell(gap) }
    }
}
