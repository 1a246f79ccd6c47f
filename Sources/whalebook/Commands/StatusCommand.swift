import ArgumentParser

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows whether each node's result is fresh, and if not, why.")

    @OptionGroup var options: ProjectOptions
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Draw the nodes and the nodes that each reads from.") var graph = false
    @Flag(name: .shortAndLong, help: "Print nothing; exit with 2 if a node is not fresh.") var quiet = false

    func run() async throws {
        let report = try await options.project().status()
        if json, !quiet {
            Terminal.print(json: report.json.text)
        } else if !quiet {
            Terminal.print(text: graph ? report.graph.text : report.text)
        }
        if quiet, !report.isFresh { throw FailureCode.no }
    }
}
