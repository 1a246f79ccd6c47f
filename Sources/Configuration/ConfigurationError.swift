import Basics

/// What is wrong with a configuration, found in one pass.
public struct ConfigurationError: ErrorWithLines, Equatable, CustomStringConvertible {
    /// All problems, the first of them in words.
    public let list: ProblemList

    /// The first problems.
    public var problems: [FileProblem] { list.problems }

    public var lines: [String] { list.lines }
    public var description: String { list.description }
}
