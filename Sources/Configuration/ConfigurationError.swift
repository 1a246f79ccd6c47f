import Basics

/// Everything that is wrong with a configuration, found in one pass.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// One wrong option: where, what, and what to do.
    public struct Problem: Equatable, Sendable, CustomStringConvertible {
        public let path: String
        public let line: Int?
        public let problem: String
        public let remedy: String

        public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(problem). \(remedy)" }
    }

    public let problems: [Problem]

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
