import ArgumentParser
import Basics
import Results
import Workflow

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs what is not fresh, upstream first.",
        discussion: """
            Without a stage it runs all: \(StageName.allCases.map(\.rawValue).joined(separator: ", ")). An interrupted \
            run keeps its finished stages; an interrupted training continues from its last checkpoint, any other stage \
            starts again. With '-f' a training starts from its beginning, too.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The stages to run; the stages before them run as needed.") var stages: [String] = []
    @Flag(name: [.customShort("n"), .long], help: "List what would run and estimate its cost; run nothing.")
    var dryRun = false
    @Flag(name: .shortAndLong, help: "Run the stages again even if they are fresh.") var force = false
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Another value for an option, such as train.schedule.epochs=5.", valueName: "key=value"))
    var settings: [String] = []

    @Flag(name: [.customShort("k"), .long], help: "After a failure, run the nodes that do not depend on it.")
    var keepGoing = false
    @Option(help: ArgumentHelp("A name for the run, to compare it by; 'gc' keeps tagged runs.", valueName: "name"))
    var tag: String?
    @Option(help: ArgumentHelp("The reason for the run, for the ledger.", valueName: "text")) var reason: String?

    @Option(
        help: ArgumentHelp(
            """
            Processes of this machine that share trainings, embeddings, the matching of marks and large searches; each \
            has a graphics card if there is one.
            """, valueName: "n"))
    var devices: Int?

    @OptionGroup var loudness: LoudnessOptions
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Run up to this many nodes at the same time, each with its share of the cores.", valueName: "number"))
    var jobs = 1
    @Flag(help: "With -n: print the estimate as JSON.") var json = false
    @Flag(help: "Read every file of the data again, even if its digest is remembered.") var rehash = false

    func validate() throws {
        if let devices, !(1...1024).contains(devices) {
            throw ValidationError("--devices is \(devices). Set it to a number from 1 to 1024.")
        }
        try require(jobs, in: 1...256, "--jobs")
        guard dryRun || !json else { throw ValidationError("--json needs -n: it prints an estimate.") }
    }

    func run() async throws {
        try await Launch.whole(devices: devices, isDry: dryRun) { try await run(among: $0) }
    }

    private func run(among crew: Crew) async throws {
        if case .launched = crew, jobs > 1 {
            throw ValidationError(
                "--jobs runs nodes side by side, but the processes of a launcher all work on the same node. Leave it out."
            )
        }
        let project = try options.project(settings: settings, crew: crew)
        if rehash { try project.store.forgetDigests() }
        let wanted = RunOptions(
            stages: Set(try stages.map(StageName.init(named:))), force: force, keepsGoing: keepGoing, jobs: jobs,
            tag: tag, reason: reason, command: Installation.command)
        if dryRun { return try await estimate(project, wanted) }
        let summary = try await RunCommand.run(project, wanted, loudness.verbosity)
        if loudness.verbosity != .quiet {
            try await RunCommand.tellHeadline(project, summary, next: "whalebook report")
        }
    }

    /// Lists what would run, and estimates its cost.
    private func estimate(_ project: Project, _ wanted: RunOptions) async throws {
        let plan = try await project.plan(wanted)
        for status in plan where !json {
            Terminal.print("\(status.node.name): \(status.reason.isEmpty ? "forced" : status.reason)")
        }
        if plan.isEmpty { Terminal.report("nothing to do: everything is fresh") }
        let observer = TerminalObserver(loudness.verbosity, log: nil)
        let estimate = try await interruptible { [jobs] in
            try await project.estimate(of: plan, jobs: jobs, observer: observer)
        }
        if json {
            Terminal.print(json: (estimate?.json ?? .null).text)
        } else if let estimate {
            Terminal.print(text: "\n" + estimate.text)
        }
    }

    /// Runs with progress on standard error.
    @discardableResult
    static func run(
        _ project: Project, _ options: RunOptions, _ verbosity: TerminalObserver.Verbosity = .normal
    ) async throws -> RunSummary {
        let log = RunLog(project.store)
        let observer = TerminalObserver(verbosity, log: log, isShared: options.jobs > 1)
        defer { if let failure = log.failure { Terminal.report("The run's log is incomplete. \(failure)") } }
        do {
            return try await interruptible { try await project.run(options, observer: observer) }
        } catch WorkflowError.interrupted where !project.settings.isEmpty {
            // The partial result belongs to these settings; without them the next run would start another one.
            Terminal.report("Interrupted. Continue with: \(Installation.command)")
            throw FailureCode.interrupted
        }
    }

    /// Prints the score, whether training helped, how long it took, and the next command.
    static func tellHeadline(_ project: Project, _ summary: RunSummary, next: String) async throws {
        let took =
            summary.ran.isEmpty
            ? "Everything was fresh." : "\(NumberText.duration(seconds: summary.seconds))."
        let headline = try await project.headline()
        Terminal.report(
            [headline?.text, headline?.advice, took, "Next: \(next)"].compactMap(\.self).joined(separator: " "))
    }
}
