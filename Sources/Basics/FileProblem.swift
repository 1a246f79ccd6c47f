/// Something in a file that is not as it should be: where, what, and what to do.
public struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    /// The line of the file, from 1; nil where no single line is to blame.
    public let line: Int?
    public let problem: String
    public let remedy: String

    /// Describes a problem: `problem` without a point at its end, `remedy` as one or more sentences. Both may quote a cell
    /// of any length and are shortened then.
    public init(path: String, line: Int?, problem: String, remedy: String) {
        self.path = path.shortened(to: Bounds.pathLength)
        self.line = line
        self.problem = problem.shortened(to: Bounds.messageLength)
        self.remedy = remedy.shortened(to: Bounds.messageLength)
    }

    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }

    /// What is wrong and what to do, without the place.
    public var message: String { "\(problem). \(remedy)" }
}

/// Collects problems so that all of them are told at once: the first twenty in words, the others by their number.
///
/// Its memory is bounded, however many there are.
public struct ProblemList: Sendable, Equatable, CustomStringConvertible {
    /// As many are kept.
    public static let limit = 20

    /// The first.
    public private(set) var problems: [FileProblem] = []
    /// All of them, also those that are not kept.
    public private(set) var count = 0

    /// Collects what is there already.
    public init(_ problems: some Sequence<FileProblem> = []) { for problem in problems { append(problem) } }

    /// Whether there is none.
    public var isEmpty: Bool { count == 0 }

    /// Whether no other is kept.
    public var isFull: Bool { problems.count == Self.limit }

    /// Adds a problem.
    public mutating func append(_ problem: FileProblem) {
        count += 1
        if problems.count < Self.limit { problems.append(problem) }
    }

    /// Adds those of another list.
    public mutating func append(_ other: ProblemList) {
        problems += other.problems.prefix(Self.limit - problems.count)
        count += other.count
    }

    /// Adds a problem by its parts; see ``FileProblem/init(path:line:problem:remedy:)``.
    public mutating func add(_ path: String, line: Int? = nil, _ problem: String, _ remedy: String) {
        append(.init(path: path, line: line, problem: problem, remedy: remedy))
    }

    /// One line each, and how many more there are.
    public var lines: [String] {
        let rest = count - problems.count
        return problems.map(\.description) + (rest > 0 ? ["… and \(rest) more."] : [])
    }

    public var description: String { lines.joined(separator: "\n") }
}

extension Collection<String> {
    /// The first twenty, and how many more there are, as a ``ProblemList`` tells them: a line each.
    public var firstLines: [String] {
        let rest = count - ProblemList.limit
        return prefix(ProblemList.limit) + (rest > 0 ? ["… and \(rest) more."] : [])
    }
}
