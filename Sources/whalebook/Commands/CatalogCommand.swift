import ArgumentParser
import Catalog
import Foundation
import Workflow

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Says what is in a folder of photographs.")

    @Argument(help: "The folder with metadata.csv.") var directory: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let summary = try CatalogSummary(Catalog.read(URL(filePath: directory).standardizedFileURL))
        print(json ? summary.json.text : summary.text, terminator: "")
    }
}
