import Basics

/// Everything that is wrong with a catalogue's files, found in one pass.
public struct CatalogError: ErrorWithLines, Equatable, CustomStringConvertible {
    public let problems: [FileProblem]

    /// Collects problems.
    public init(problems: [FileProblem]) { self.problems = problems }

    public var lines: [String] { problems.lines }
    public var description: String { problems.listing }
}

/// Collects problems so that all of them are told at once.
struct ProblemList {
    private(set) var problems: [FileProblem] = []

    mutating func add(_ path: String, line: Int? = nil, _ problem: String, _ remedy: String) {
        problems.append(.init(path: path, line: line, problem: problem, remedy: remedy))
    }

    func throwIfAny() throws {
        if !problems.isEmpty { throw CatalogError(problems: problems) }
    }
}
