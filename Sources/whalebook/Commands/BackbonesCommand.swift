import ArgumentParser
import Workflow

struct BackbonesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backbones", abstract: "Lists the networks that can be trained.")

    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let description = try await Installation.worker.describe()
        let list = BackboneList(description)
        if json { Terminal.print(json: try list.json.text) } else { Terminal.print(text: list.text) }
    }
}
