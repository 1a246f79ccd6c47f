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
            The official rule drops queries that are missing from the submission, ignores those that are not in the \
            labels, and counts repeated and surplus rows. --strict refuses all of these, and with --data also a \
            query's own photograph among its matches.
            """)

    @Argument(help: "The submission.csv.") var submission: String
    @Argument(help: "The labels: query_id, database_image_id.") var labels: String
    @Flag(help: "Refuse the mistakes that the official rule accepts.") var strict = false

    @Option(help: ArgumentHelp("The folder with the submission's scenarios, for --strict.", valueName: "dir"))
    var data: String?
    @OptionGroup var layout: LayoutOptions

    func validate() throws {
        if data != nil, !strict { throw ValidationError("--data has no effect without --strict. Give both or none.") }
    }

    func run() throws {
        let score = try OfficialScore(
            Submission.read(UserPath.url(submission)), labels: Labels.read(UserPath.url(labels)), strict: strict,
            questions: data.map { try Questions.read(layout.settings(of: $0)) } ?? [:])
        Terminal.print(JSONValue.object(["mean_average_precision": .number(score.meanAveragePrecision)]).canonicalText)
    }
}
