import Basics

/// Gathers what is wrong with a document, so that it is told at once: the first twenty, and how many more there are.
struct ProblemCollector {
    var path: String
    private var list = ProblemList()

    init(path: String = "") { self.path = path }

    /// What was gathered.
    var problems: [FileProblem] {
        let rest = list.count - list.problems.count
        guard rest > 0 else { return list.problems }
        let more = FileProblem(
            path: path, line: nil, problem: "there are \(rest) more problems",
            remedy: "Correct the first, and the next are told.")
        return list.problems + [more]
    }

    mutating func add(_ line: Int?, _ problem: String, _ remedy: String) {
        list.add(path, line: line, problem, remedy)
    }

    /// Reports a name that nobody knows, with the nearest one that is known.
    mutating func addUnknown(_ name: String, _ line: Int?, what: String, known: [String]) {
        add(line, "unknown \(what) \(quoted: name)", Self.remedy(for: name, known: known))
    }

    /// Reports every key that is not known.
    mutating func checkKeys(_ entries: [(key: YAMLKey, value: YAMLValue)], known: [String], what: String) {
        for (key, _) in entries where !known.contains(key.text) {
            addUnknown(key.text, key.line, what: what, known: known)
        }
    }

    mutating func append(_ other: ProblemCollector) { list.append(other.list) }

    static func remedy(for name: String, known: [String]) -> String {
        Spelling.nearest(to: name, among: known).map { "Did you mean \(quoted: $0)?" }
            ?? (known.isEmpty ? "There is none." : "Known: \(known.listed()).")
    }
}

/// An inline value that cannot be given: what is wrong, and what to do.
struct ValueError: Error, Equatable, CustomStringConvertible {
    let problem: String
    let remedy: String

    init(_ problem: String, _ remedy: String) {
        self.problem = problem
        self.remedy = remedy
    }

    var description: String { "\(problem). \(remedy)" }
}
