import Basics

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
        var result = CellOptions()
        guard let entries = yaml.entries else {
            problems.add(yaml.line ?? line, "the options have no 'name: value'", "Write '#| label: fig-name'.")
            return result
        }
        problems.checkKeys(entries, known: CellOptions.names, what: "cell option")
        for (key, value) in entries {
            switch key.text {
            case "label": result.label = label(value)
            case "echo": flag(key, value, into: &result.echo)
            case "eval": flag(key, value, into: &result.eval)
            case "include": flag(key, value, into: &result.include)
            case "output": flag(key, value, into: &result.output)
            case "warning": flag(key, value, into: &result.warning)
            case "error": flag(key, value, into: &result.error)
            case "fig-cap": result.figureCaption = text(key, value)
            case "fig-alt": result.figureAlternative = text(key, value)
            case "fig-width": result.figureWidth = size(key, value, 0.5...40)
            case "fig-height": result.figureHeight = size(key, value, 0.5...40)
            case "fig-dpi": result.figureResolution = size(key, value, 24...600)
            case "fig-format": result.figureFormat = format(value)
            case "tbl-cap": result.tableCaption = text(key, value)
            case "from": result.from = stages(key, value)
            default: break
            }
        }
        return result
    }

    private mutating func flag(_ key: YAMLKey, _ value: YAMLValue, into flag: inout Bool) {
        guard let given = value.flag else {
            return problems.add(
                key.line, "\(quoted: key.text) is neither true nor false", "Write '#| \(key.text): true' or false.")
        }
        flag = given
    }

    private mutating func text(_ key: YAMLKey, _ value: YAMLValue) -> String? {
        if let text = value.scalarText { return text }
        problems.add(key.line, "\(quoted: key.text) is not a text", "Write '#| \(key.text): \"…\"'.")
        return nil
    }

    private mutating func size(_ key: YAMLKey, _ value: YAMLValue, _ range: ClosedRange<Double>) -> Double? {
        if let number = value.json.double, range.contains(number) { return number }
        problems.add(
            key.line,
            "\(quoted: key.text) is not a number from \(NumberText.shortest(range.lowerBound)) to "
                + "\(Int(range.upperBound))",
            "Correct it, or delete the line to use the default.")
        return nil
    }

    private mutating func format(_ value: YAMLValue) -> FigureFormat? {
        if let format = value.scalarText.flatMap(FigureFormat.init(rawValue:)) { return format }
        let known = FigureFormat.allCases.map(\.rawValue)
        problems.add(
            value.line ?? line, "'fig-format' is \(quoted: value.scalarText ?? "")",
            ProblemCollector.remedy(for: value.scalarText ?? "", known: known))
        return nil
    }

    private mutating func label(_ value: YAMLValue) -> String? {
        if let text = value.scalarText, text.wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]*/) != nil { return text }
        problems.add(
            value.line ?? line, "the label \(quoted: value.scalarText ?? "") is not a valid name",
            "Use letters, digits, '-' and '_', such as 'fig-failures'.")
        return nil
    }

    private mutating func stages(_ key: YAMLKey, _ value: YAMLValue) -> [String]? {
        if let name = value.scalarText { return [name] }
        let names = value.json.array?.compactMap(\.string)
        if let names, names.count == value.json.array?.count { return names }
        problems.add(key.line, "'from' is not a list of stages", "Write '#| from: [search, evaluate]'.")
        return nil
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

/// The options of a cell, `#| name: value`, under Quarto's names.
public struct CellOptions: Sendable, Equatable {
    /// The label for `@fig-…` and `@tbl-…`, and the name of the figure's files.
    public var label: String?
    /// Whether the cell's source is shown above its output.
    public var echo = false
    /// Whether the cell runs.
    public var eval = true
    /// Whether anything of the cell is shown; it runs in any case.
    public var include = true
    /// Whether the output is shown.
    public var output = true
    /// Whether notes are shown; stale results are always marked.
    public var warning = true
    /// Whether a failure is intended: it is shown and does not count as an error.
    public var error = false
    public var figureCaption: String?
    /// `auto`, or nil, for a sentence made from the data.
    public var figureAlternative: String?
    /// Inches of 96 pixels.
    public var figureWidth: Double?
    /// Inches of 96 pixels.
    public var figureHeight: Double?
    /// Pixels per inch of a picture.
    public var figureResolution: Double?
    /// The file format of a figure; nil for the default of its kind.
    var figureFormat: FigureFormat?
    public var tableCaption: String?
    /// The stages that the cell reads, with optional selections; nil for those of its kind.
    public var from: [String]?

    static let names = [
        "label", "echo", "eval", "include", "output", "warning", "error", "fig-cap", "fig-alt", "fig-width",
        "fig-height", "fig-dpi", "fig-format", "tbl-cap", "from",
    ]
}

/// The file format of a figure.
enum FigureFormat: String, CaseIterable, Sendable {
    /// Curves and bars: sharp at every size.
    case svg
    /// Photographs.
    case png
    /// Photographs in a fraction of the bytes; letters have faint shadows.
    case jpeg
}
