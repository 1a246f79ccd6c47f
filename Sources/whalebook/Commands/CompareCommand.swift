import ArgumentParser
import Basics
import Results
import Workflow

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compares two runs, paired by query.",
        discussion: """
            A run goes by its number or tag; 'current' is the last one, 'previous' the one before with another \
            evaluation. Exit code 5 where the two do not compare.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The old run.") var old: String
    @Argument(help: "The new run.") var new: String
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Compare the queries that both have where the rest differs.") var intersect = false
    @Flag(help: "Exit with 2 where the new run is worse.") var failIfWorse = false

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
