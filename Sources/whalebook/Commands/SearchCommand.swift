import ArgumentParser
import Basics
import Foundation
import Workflow

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Ranks a folder's scenarios by any embeddings; needs no labels.",
        discussion: """
            Database augmentation comes first, then each --expand in the given order, then re-ranking. All of them use \
            only the database, never another query.
            """)

    @Option(help: ArgumentHelp("The embeddings, one row for each photograph.", valueName: "e.npy"))
    var embeddings: String
    @Option(help: ArgumentHelp("The folder of photographs, with query_scenarios.csv.", valueName: "dir"))
    var data: String
    @OptionGroup var layout: LayoutOptions
    @Option(name: .customLong("k"), help: ArgumentHelp("Photographs returned for a query.", valueName: "n"))
    var count = 20
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A query extension: alpha-qe:3:3 or average-qe:3.", valueName: "step"))
    var expand: [String] = []
    @Option(help: ArgumentHelp("Database augmentation: neighbours:alpha, such as 3:3.", valueName: "n:alpha"))
    var augment: String?
    @Option(help: ArgumentHelp("A re-ranking: k-reciprocal:20:6:0.3 or power:7.", valueName: "rule"))
    var rerank: String?
    @Option(help: ArgumentHelp("The file to write.", valueName: "submission.csv")) var output: String

    func validate() throws { try require(count, in: FolderSearch.counts, "--k") }

    func run() throws {
        let search = try FolderSearch(
            embeddings: UserPath.url(embeddings), data: layout.settings(of: data),
            count: count, augment: augment, expand: expand, rerank: rerank)
        let queries = try search.write(to: UserPath.url(output))
        Terminal.report("ranked \(queries) queries")
    }
}
