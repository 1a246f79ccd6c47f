import ArgumentParser
import Basics
import Foundation
import Workflow

/// The command `whalebook`. Each subcommand only translates arguments.
@main
struct Whalebook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whalebook",
        abstract: "Turns a folder of animal photographs into ranked retrieval and a report that explains it.",
        discussion: """
            Results go to standard output, progress and logs to standard error.
            Exit codes: 0 fine; 1 bad input or any other error; 2 the answer is no; 3 a stage failed; 4 rendered with \
            errors or stale cells; 5 not comparable; 6 another run holds the lock; 64 usage; 130 interrupted.
            """,
        version: "whalebook \(Installation.version)",
        subcommands: [
            InitCommand.self,
            SampleCommand.self, FetchCommand.self, CatalogCommand.self, SplitCommand.self, BackbonesCommand.self,
            StatusCommand.self, RunCommand.self, RunsCommand.self, PathCommand.self, TagCommand.self,
            CompareCommand.self,
            ImportCommand.self,
            CollectCommand.self,
            RenderCommand.self, ReportCommand.self, PreviewCommand.self, ReviewCommand.self, VerifyCommand.self,
            ExportCommand.self,
            EmbedCommand.self,
            SearchCommand.self, SubmitCommand.self, ScoreCommand.self, IdentifyCommand.self,
        ])

    /// The error for an unknown command, with the nearest name; nil for a known command and for an option.
    private static var unknownCommand: String? {
        guard let name = CommandLine.arguments.dropFirst().first, !name.hasPrefix("-"), name != "help" else {
            return nil
        }
        let known = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !known.contains(name) else { return nil }
        let near = Spelling.nearest(to: name, among: known).map { "Did you mean \(quoted: $0)?" }
        return "There is no command \(quoted: name). \(near ?? "'whalebook --help' lists the commands.")"
    }

    static func main() async {
        StandardStream.prepare()
        do {
            try OpenFiles.check()
            try ProcessRoom.check()
        } catch {
            Terminal.report("error: \(error)")
            Ending.exit(ExitCode.failure.rawValue)
        }
        Interruption.watch()
        Arithmetic.prepare()
        Ending.exit(await execute())
    }

    /// Runs the command, and prints its error.
    ///
    /// - Returns: The exit code.
    private static func execute() async -> Int32 {
        if let slip = unknownCommand {
            Terminal.report("error: \(slip)")
            return ExitCode.validationFailure.rawValue
        }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return ExitCode.success.rawValue
        } catch let error as ExitCode {
            return error.rawValue
        } catch let error where exitCode(for: error) == .failure {
            // Every error except the argument parser's own, such as a wrong option or a request for help.
            Terminal.report(text: "error: \(visibleLines(of: error))")
            return FailureCode.of(error)
        } catch {
            let code = exitCode(for: error)
            let message = fullMessage(for: error).replacing(#/^Error: /#, with: "error: ")
            if code == .success { Terminal.print(text: message + "\n") } else { Terminal.report(text: message) }
            return code.rawValue
        }
    }
}
