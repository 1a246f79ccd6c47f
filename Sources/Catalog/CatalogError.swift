import Basics

/// What is wrong with a catalogue's files, found in one pass.
public struct CatalogError: ErrorWithLines, Equatable, CustomStringConvertible {
    /// All problems, the first of them in words.
    public let list: ProblemList

    /// Tells problems.
    public init(_ list: ProblemList) { self.list = list }

    /// The first problems.
    public var problems: [FileProblem] { list.problems }

    public var lines: [String] { list.lines }
    public var description: String { list.description }
}

extension ProblemList {
    func throwIfAny() throws {
        if !isEmpty { throw CatalogError(self) }
    }
}
