import ArgumentParser
import Basics
import Foundation
import Preview
import Results
import Review
import Workflow

struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Shows pairs of photographs in a browser, for a person to decide.",
        discussion: """
            The pairs come from a season's new photographs, from suspect names and from failed queries; those whose \
            decision is worth most come first. Each decision is appended to a CSV file at once. 'whalebook catalog DIR \
            --apply decisions.csv --output NEW' makes a new catalogue from it. Serves on 127.0.0.1 until Ctrl-C; only \
            who has the printed address can see the photographs and decide.
            """)

    @OptionGroup var options: ProjectOptions
    @Option(help: ArgumentHelp("What 'identify --json' found for new photographs.", valueName: "found.json"))
    var season: String?
    @Flag(inversion: .prefixedNo, help: "Include suspect names.") var suspects = true
    @Option(help: ArgumentHelp("Failed queries to include, the worst first.", valueName: "n")) var worst = 30
    @Option(help: ArgumentHelp("Animals shown for each photograph.", valueName: "n")) var candidates = 5
    @Option(help: ArgumentHelp("Show only candidates from this place.", valueName: "place")) var place: String?
    @Option(help: ArgumentHelp("Show only candidates from this year.", valueName: "year")) var year: Int?
    @Option(
        help: ArgumentHelp(
            "The file of decisions; by default decisions.csv next to the configuration.", valueName: "file"))
    var decisions: String?
    @Option(help: ArgumentHelp("Your name; the page can change it. By default your login.", valueName: "name"))
    var reviewer: String?
    @Option(help: ArgumentHelp("The port; 0 takes any free one.", valueName: "n")) var port: UInt16 = 8001
    @Flag(help: "Print what is decided, open and disputed, and end.") var list = false

    func validate() throws {
        try require(worst, in: 0...1_000_000, "--worst")
        try require(candidates, in: 1...1000, "--candidates")
        if let year { try require(year, in: 1...9999, "--year") }
        if let reviewer, reviewer.isEmpty || reviewer.utf8.count > 60 {
            throw ValidationError("--reviewer needs a name of at most 60 bytes.")
        }
    }

    func run() async throws {
        let project = try options.project()
        let file = decisions.map { UserPath.url($0) } ?? project.decisionsFile
        let log = try DecisionLog(file)
        var choice = ReviewPreparation.Choice()
        choice.season = season.map { UserPath.url($0) }
        choice.suspects = suspects
        choice.worst = worst
        choice.candidates = candidates
        choice.place = place
        choice.year = year
        let prepared = try await ReviewPreparation(project, choice).prepared()
        for note in prepared.notes { Terminal.report(note) }
        for line in log.problems.lines { Terminal.report(line) }
        let session = ReviewSession(
            prepared.queue, prepared.photographs, log: log,
            title: project.configuration.dataDirectory.lastPathComponent, reviewer: reviewer ?? NSUserName())
        if list { return Terminal.print(text: try session.summary()) }
        guard prepared.queue.count > 0 else {
            Terminal.report(
                "error: There is no pair to look at. Run 'whalebook run', or name new photographs with --season.")
            throw ExitCode.failure
        }
        let server = try ReviewServer(port: port, session)
        Terminal.print(server.address)
        // Nobody could find the page without its address.
        if StandardStream.output.failure != nil { throw ExitCode.failure }
        Terminal.report(
            "\(NumberText.counted(prepared.queue.count, "pair", "pairs")); decisions go to "
                + "\(Installation.shortened(file)); press Ctrl-C to stop")
        do {
            try await interruptible(notice: "interrupted") {
                while true { try await Task.sleep(for: .seconds(3600)) }
            }
        } catch is CancellationError {
            throw FailureCode.interrupted
        }
    }
}
