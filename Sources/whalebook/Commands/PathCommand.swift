import Basics
import ArgumentParser
import Workflow

struct PathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "Prints where a result lies, one path a line.",
        discussion: "Results: \(ResultName.allCases.map(\.rawValue).joined(separator: ", ")).")

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The result.", transform: PathCommand.result) var result: ResultName

    func run() async throws {
        for url in try await options.project().paths(of: result) { Terminal.print(Installation.shortened(url)) }
    }

    private static func result(_ text: String) throws -> ResultName {
        guard let result = ResultName(rawValue: text) else {
            throw ValidationError(
                "There is no result \(quoted: text). Results are: \(ResultName.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        return result
    }
}
