import Basics

/// Collects the problems of a document, to report them together: the first twenty, and the number of the others.
struct ProblemCollector {
    var path: String
    private var list = ProblemList()

    init(path: String = "") { self.path = path }

    /// The collected problems.
    var problems: [FileProblem] {
        let rest = list.count - list.problems.count
        guard rest > 0 else { return list.problems }
        let more = FileProblem(
            path: path, line: nil, problem: "there are \(rest) more problems",
            remedy: "Correct these to see the others.")
        return list.problems + [more]
    }

    mutating func add(_ line: Int?, _ problem: String, _ remedy: String) {
        list.add(path, line: line, problem, remedy)
    }

    /// Reports an unknown name, with the nearest known one.
    mutating func addUnknown(_ name: String, _ line: Int?, what: String, known: [String]) {
        add(line, "unknown \(what) \(quoted: name)", Self.remedy(for: name, known: known))
    }

    /// Reports every unknown key.
    mutating func checkKeys(_ entries: [(key: YAMLKey, value: YAMLValue)], known: [String], what: String) {
        for (key, _) in entries where !known.contains(key.text) {
            addUnknown(key.text, key.line, what: what, known: known)
        }
    }

    mutating func append(_ other: ProblemCollector) { list.append(other.list) }

    static func remedy(for name: String, known: [String]) -> String {
        Spelling.nearest(to: name, among: known).map { "Did you mean \(quoted: $0)?" }
            ?? (known.isEmpty ? "There are none." : "Known: \(known.listed()).")
    }
}

/// An inline value that cannot be given: the problem and the remedy.
struct ValueError: Error, Equatable, CustomStringConvertible {
    let problem: String
    let remedy: String

    init(_ problem: String, _ remedy: String) {
        self.problem = problem
        self.remedy = remedy
    }

    var description: String { "\(problem). \(remedy)" }
}
