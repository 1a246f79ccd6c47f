/// Something in a file that is not as it should be: where, what, and what to do.
public struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    /// The line of the file, from 1; nil where no single line is to blame.
    public let line: Int?
    public let problem: String
    public let remedy: String

    /// Describes a problem: `problem` without a point at its end, `remedy` as one or more sentences.
    public init(path: String, line: Int?, problem: String, remedy: String) {
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }

    /// What is wrong and what to do, without the place.
    public var message: String { "\(problem). \(remedy)" }
}

extension [FileProblem] {
    /// One line each, at most twenty, and how many more there are.
    public var lines: [String] {
        let shown = prefix(20).map(\.description)
        let rest = count - shown.count
        return shown + (rest > 0 ? ["… and \(rest) more."] : [])
    }

    /// ``lines`` as one text.
    public var listing: String { lines.joined(separator: "\n") }
}
