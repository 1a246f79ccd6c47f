import ArgumentParser
import Basics
import Evaluation
import Foundation
import Workflow

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Writes a submission for an unlabelled test folder with the current models.",
        discussion: """
            Combines all members, seeds and folds of the configuration, with its query extension and re-ranking. The \
            submission is checked before it is written: every query has at most 20 photographs of its database, each \
            once and never its own, with scores from 0 to 1.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The folder of photographs, with query_scenarios.csv.") var folder: String
    @OptionGroup var layout: LayoutOptions
    @Option(
        help: ArgumentHelp(
            "How similarities become scores: write-up, clamp((v+1)*0.49, 0, 0.9999), or unit, (v+1)/2.",
            valueName: "mapping"))
    var scores: ScoreMapping = .writeUp
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Another value for an option, such as expand=[].", valueName: "key=value"))
    var settings: [String] = []
    @Option(help: ArgumentHelp("The file to write.", valueName: "submission.csv")) var output: String

    func run() async throws {
        let submission = TestSubmission(
            try options.project(settings: settings), data: layout.settings(of: folder), scores: scores)
        let url = UserPath.url(output)
        let summary = try await interruptible { try await submission.write(to: url, observer: TerminalObserver()) }
        let models = summary.models == 1 ? "1 model" : "\(summary.models) models"
        Terminal.report("ranked \(summary.queries) queries with \(models) in \(summary.rows) rows")
    }
}

extension ScoreMapping: ExpressibleByArgument {}
