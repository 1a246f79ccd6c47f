import Basics

/// One place in which a rendered document, or what it was made of, is not what it should be.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// The file, relative to the folder of the document or of the results.
    public let file: String
    /// From 1; nil where the file as a whole is meant.
    public let line: Int?
    /// What it says and what it should say.
    public let problem: String

    /// Describes a place.
    public init(file: String, line: Int? = nil, problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    public var description: String {
        "\(file.shortened(to: Bounds.pathLength))\(line.map { ":\($0)" } ?? ""): "
            + problem.shortened(to: Bounds.messageLength)
    }
}
