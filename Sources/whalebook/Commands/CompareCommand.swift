import ArgumentParser
import Basics
import Results
import Workflow

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compares two runs, paired by query.",
        discussion: """
            Name a run by its number or tag; 'current' is the latest run, 'previous' the latest before it with a \
            different evaluation. The exit code is 5 if the two runs cannot be compared.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The old run.") var old: String
    @Argument(help: "The new run.") var new: String
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "If the queries differ, compare those that both runs have.") var intersect = false
    @Flag(help: "Exit with 2 if the new run is worse.") var failIfWorse = false

    func run() throws {
        let store = try options.project().store
        let ledger = try Ledger(store)
        let comparison = try RunComparison(
            ledger.run(named: old), ledger.run(named: new), store: store, intersects: intersect)
        if json {
            Terminal.print(json: try JSONValue(encoding: comparison.summary).text)
        } else {
            Terminal.print(text: comparison.text)
        }
        if failIfWorse, comparison.comparison.verdict == .worse { throw FailureCode.no }
    }
}
