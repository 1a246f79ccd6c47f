import Basics

/// Everything that is wrong with a configuration, found in one pass.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    public let problems: [FileProblem]

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
