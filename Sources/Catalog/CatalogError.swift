/// Everything that is wrong with a catalogue's files, found in one pass.
public struct CatalogError: Error, Equatable, CustomStringConvertible {
    /// One thing that is wrong: where, what, and what to do.
    public struct Problem: Equatable, Sendable, CustomStringConvertible {
        public let path: String
        public let line: Int?
        public let problem: String
        public let remedy: String

        public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(problem). \(remedy)" }
    }

    public let problems: [Problem]

    public var description: String {
        let shown = problems.prefix(20).map(\.description)
        let rest = problems.count - shown.count
        return (shown + (rest > 0 ? ["… and \(rest) more."] : [])).joined(separator: "\n")
    }
}

/// Collects problems so that all of them are told at once.
struct ProblemList {
    private(set) var problems: [CatalogError.Problem] = []

    mutating func add(_ path: String, line: Int? = nil, _ problem: String, _ remedy: String) {
        problems.append(.init(path: path, line: line, problem: problem, remedy: remedy))
    }

    func throwIfAny() throws {
        if !problems.isEmpty { throw CatalogError(problems: problems) }
    }
}
