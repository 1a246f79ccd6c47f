import Options
import Results

/// The reference of cells in Markdown, generated from the declarations.
enum CellReference {
    private static let opening = """
        # Cell reference

        Every kind of cell with its parameters, and the options of all cells, generated from the declarations in
        `Sources/Reports`; a test keeps this page current. [`reports.md`](reports.md) is the guide. A dash stands for no
        default. The value of a parameter can be an inline value, such as ``count: "`{wb} params.count`"``.
        """

    /// The page.
    static var text: String {
        let options = "## Options of every cell\n\nA line `#| name: value` at the top of a cell gives an option.\n\n"
        let kinds = CellKinds.all.sorted { $0.name < $1.name }.map(section)
        return ([opening, options + table(of: CellOptions.declared, "Option")] + kinds).joined(separator: "\n\n") + "\n"
    }

    private static func section(of kind: any CellKind.Type) -> String {
        let parameters = kind.init().declarations
        let facts = ["## `\(kind.name)`", kind.summary, stages(of: kind)]
        return (facts + (parameters.isEmpty ? [] : [table(of: parameters, "Parameter")])).joined(separator: "\n\n")
    }

    private static func stages(of kind: any CellKind.Type) -> String {
        if kind.stages == StageName.allCases { return "Reads every stage." }
        let names = kind.stages.map { "`\($0.rawValue)`" }
        return names.isEmpty ? "Reads no stage." : "Reads \(names.joined(separator: " and "))."
    }

    private static func table(of options: [OptionDeclaration], _ title: String) -> String {
        let columns = [title, "Default", "Values", "Meaning"].map { Table.Column($0) }
        return Table(columns: columns, rows: options.map(row)).markdown
    }

    private static func row(_ option: OptionDeclaration) -> [Table.Cell] {
        let preset: Table.Cell =
            switch option.defaultYAML {
            case nil: "required"
            case "null", "[]": "–"
            case let value?: .code(value)
            }
        return [.code(option.name), preset, .markdown(option.kind.markdown()), .markdown(option.meaning)]
    }
}
