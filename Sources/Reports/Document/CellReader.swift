import Basics
import Options

/// Reads the inside of a cell: `#|` options and the kind's parameters, both YAML.
struct CellReader {
    var problems: ProblemCollector
    private let line: Int

    /// Starts at a cell whose fence is on `line`.
    init(path: String, line: Int) {
        problems = ProblemCollector(path: path)
        self.line = line
    }

    mutating func read(kind: String, body: [String]) -> Cell {
        // Each text keeps every line of the cell, blank if it belongs to the other, so that YAML's line numbers are
        // right.
        let options = body.map { $0.hasPrefix("#|") ? String($0.dropFirst(2)) : "" }
        let rest = body.map { $0.hasPrefix("#|") ? "" : $0 }
        let given = yaml(options).map { readOptions($0) } ?? CellOptions()
        let parameters = yaml(rest).map { readParameters($0) } ?? []
        return Cell(
            kind: kind, options: given, parameters: parameters, line: line, source: body.joined(separator: "\n"),
            problems: problems.problems)
    }

    private mutating func yaml(_ lines: [String]) -> YAMLValue? {
        do throws(YAMLSyntaxError) {
            let value = try YAMLValue(parsing: lines.joined(separator: "\n"), offset: line)
            return value.isNull ? nil : value
        } catch {
            problems.add(error.line ?? line, error.problem(of: "the cell"), error.remedy)
            return nil
        }
    }

    private mutating func readParameters(_ yaml: YAMLValue) -> [Cell.Parameter] {
        guard let entries = yaml.entries else {
            problems.add(yaml.line ?? line, "the cell has no 'name: value'", "Write, for instance, 'select: worst'.")
            return []
        }
        return entries.map { key, value in
            Cell.Parameter(name: key.text, value: value.json, texts: value.scalarTexts, line: key.line)
        }
    }

    private mutating func readOptions(_ yaml: YAMLValue) -> CellOptions {
        guard let entries = yaml.entries else {
            problems.add(yaml.line ?? line, "the options have no 'name: value'", "Write '#| label: fig-name'.")
            return CellOptions()
        }
        problems.checkKeys(entries, known: CellOptions.declared.map(\.name), what: "cell option")
        var values: [String: JSONValue] = [:]
        for (key, value) in entries {
            guard let option = CellOptions.declared.first(where: { $0.name == key.text }) else { continue }
            do throws(ValueError) {
                values[option.name] = try option.checked(value)
            } catch {
                problems.add(key.line, error.problem, error.remedy)
            }
        }
        // Only values that the options accept are left, so nothing is thrown.
        return (try? CellOptions(sectionJSON: .object(values), at: .root)) ?? CellOptions()
    }
}

/// A fenced block that a kind turns into figures, tables or text.
public struct Cell: Sendable, Equatable {
    /// The kind, such as `retrieval-grid`.
    public let kind: String
    /// The options of all kinds.
    public let options: CellOptions
    /// The parameters of this kind, with the line of each name.
    public let parameters: [Parameter]
    /// The line of the fence.
    public let line: Int
    /// The lines between the fences.
    public let source: String
    /// The problems of the cell; with any, it does not run.
    public let problems: [FileProblem]

    /// One `name: value` of a cell's body.
    public struct Parameter: Sendable, Equatable {
        public let name: String
        public let value: JSONValue
        /// The texts of a single value or a list, as written; nil for other values.
        public let texts: [String]?
        public let line: Int?
    }
}
