import ArgumentParser
import Basics
import Workflow

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs", abstract: "Lists the runs, newest last.")

    @OptionGroup var options: ProjectOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let ledger = try Ledger(options.project().store)
        let table = RunsTable(ledger)
        if json { Terminal.print(json: try table.json.text) } else { Terminal.print(text: table.text) }
        if let gap = ledger.gap { Terminal.report(gap) }
    }
}

struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Gives a run a name; 'gc' keeps the results of tagged runs.")

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

struct PathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "Prints where a result is, one path per line.",
        discussion: "Results: \(ResultName.allCases.map(\.rawValue).joined(separator: ", ")).")

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The result.", transform: PathCommand.result) var result: ResultName

    func run() async throws {
        for url in try await options.project().paths(of: result) { Terminal.print(Installation.shortened(url)) }
    }

    private static func result(_ text: String) throws -> ResultName {
        guard let result = ResultName(rawValue: text) else {
            throw ValidationError(
                "There is no result \(quoted: text). Results are: \(ResultName.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        return result
    }
}
