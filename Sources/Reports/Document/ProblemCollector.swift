import Basics

/// Gathers what is wrong with a document, so that all of it is told at once.
struct ProblemCollector {
    var path = ""
    private(set) var problems: [FileProblem] = []

    mutating func add(_ line: Int?, _ problem: String, _ remedy: String) {
        problems.append(FileProblem(path: path, line: line, problem: problem, remedy: remedy))
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

    mutating func append(_ other: ProblemCollector) { problems += other.problems }

    static func remedy(for name: String, known: [String]) -> String {
        Spelling.nearest(to: name, among: known).map { "Did you mean \(quoted: $0)?" }
            ?? (known.isEmpty ? "There is none." : "Known: \(known.listed()).")
    }
}
