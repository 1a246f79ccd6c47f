import ArgumentParser
import Basics
import Results
import Workflow

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs what is not fresh, upstream first.",
        discussion: """
            Without a stage it runs all: \(StageName.allCases.map(\.rawValue).joined(separator: ", ")). Finished stages \
            stay when a run is interrupted; a training that was at work goes on from its last checkpoint, any other \
            stage starts again. '-f' starts a training from its beginning, too.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The stages wanted, with all they wait for.") var stages: [String] = []
    @Flag(name: [.customShort("n"), .long], help: "Only say what would run, and what it would take.") var dryRun = false
    @Flag(name: .shortAndLong, help: "Run the stages again though they are fresh.") var force = false
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Another value for an option, such as train.schedule.epochs=5.", valueName: "key=value"))
    var settings: [String] = []

    @Flag(name: [.customShort("k"), .long], help: "Go on with what does not wait for a stage that failed.")
    var keepGoing = false
    @Option(help: ArgumentHelp("A name for the run, by which it is compared and kept.", valueName: "name"))
    var tag: String?
    @Option(help: ArgumentHelp("Why it is run, for the ledger.", valueName: "text")) var reason: String?

    @OptionGroup var loudness: LoudnessOptions
    @Flag(help: "Read every file of the data anew, whatever is remembered of it.") var rehash = false

    func run() async throws {
        let project = try options.project(settings: settings)
        if rehash { try project.store.forgetDigests() }
        let wanted = RunOptions(
            stages: Set(try stages.map(StageName.init(named:))), force: force, keepsGoing: keepGoing, tag: tag,
            reason: reason, command: Installation.command)
        if dryRun {
            let plan = try await project.plan(wanted)
            for status in plan {
                Terminal.print("\(status.node.name): \(status.reason.isEmpty ? "forced" : status.reason)")
            }
            if plan.isEmpty { Terminal.tell("nothing to do: everything is fresh") }
            let observer = TerminalObserver(loudness.verbosity, log: nil)
            let estimate = try await interruptible { try await project.estimate(of: plan, observer: observer) }
            if let estimate { Terminal.print(text: "\n" + estimate.text) }
            return
        }
        let summary = try await RunCommand.run(project, wanted, loudness.verbosity)
        if loudness.verbosity != .quiet {
            try await RunCommand.tellHeadline(project, summary, next: "whalebook report")
        }
    }

    /// Runs with progress on standard error.
    @discardableResult
    static func run(
        _ project: Project, _ options: RunOptions, _ verbosity: TerminalObserver.Verbosity = .normal
    ) async throws -> RunSummary {
        let log = RunLog(project.store)
        let observer = TerminalObserver(verbosity, log: log)
        defer { if let failure = log.failure { Terminal.tell("The run's log is incomplete. \(failure)") } }
        do {
            return try await interruptible { try await project.run(options, observer: observer) }
        } catch WorkflowError.interrupted where !project.settings.isEmpty {
            // What is half done belongs to these settings; without them the next run would begin something else.
            Terminal.tell("Interrupted. Continue with: \(Installation.command)")
            throw FailureCode.interrupted
        }
    }

    /// Ends with what matters: the score, whether training helped, how long it took, and the next command.
    static func tellHeadline(_ project: Project, _ summary: RunSummary, next: String) async throws {
        let took =
            summary.ran.isEmpty
            ? "Everything was fresh." : "\(NumberText.duration(seconds: summary.seconds))."
        let headline = try await project.headline()?.text
        Terminal.tell([headline, took, "Next: \(next)"].compactMap(\.self).joined(separator: " "))
    }
}
