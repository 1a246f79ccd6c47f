import Basics

/// Everything that is wrong with a configuration, found in one pass.
public struct ConfigurationError: ErrorWithLines, Equatable, CustomStringConvertible {
    public let problems: [FileProblem]

    public var lines: [String] { problems.map(\.description) }
    public var description: String { lines.joined(separator: "\n") }
}
