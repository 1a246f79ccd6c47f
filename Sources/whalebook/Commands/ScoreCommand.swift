import ArgumentParser
import Basics
import Evaluation
import Foundation
import Results
import Workflow

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Scores a submission by the competition's rule.",
        discussion: """
            The official rule drops queries that the submission leaves out, ignores those that the labels do not have, \
            and counts repeated and surplus rows; --strict refuses all of that, and with --data also a query's own \
            photograph among its answers.
            """)

    @Argument(help: "The submission.csv.") var submission: String
    @Argument(help: "The labels: query_id, database_image_id.") var labels: String
    @Flag(help: "Refuse what the official rule lets through.") var strict = false

    @Option(help: ArgumentHelp("The folder whose scenarios were answered, for --strict.", valueName: "dir"))
    var data: String?
    @OptionGroup var layout: LayoutOptions

    func validate() throws {
        if data != nil, !strict { throw ValidationError("--data serves --strict alone; give both or neither.") }
    }

    func run() throws {
        let score = try OfficialScore(
            Submission.read(URL(filePath: submission)), labels: Labels.read(URL(filePath: labels)), strict: strict,
            questions: data.map { try Questions.read(layout.settings(of: $0)) } ?? [:])
        Terminal.print(JSONValue.object(["mean_average_precision": .number(score.meanAveragePrecision)]).canonicalText)
    }
}
