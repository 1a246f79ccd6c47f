import Basics
import Results

/// The reference of inline values in Markdown, generated from the types of the roots.
enum ValuesReference {
    private static let opening = """
        # Inline values

        Every path of `{wb} …`, generated from the types in `Sources/`; a test keeps this page current.
        [`reports.md`](reports.md) is the guide. `NAME` is a name from the data, such as a scenario's. An element of a
        list is named by its position, from 0: `evaluate.viewpoints.0.map`. A path without a value in a run is an error,
        unless it has a fallback: `| or(unknown)`. The author writes what is below `params` and `team`; `config` has the
        options of [`configuration-reference.md`](configuration-reference.md); what is below `machine` depends on the
        computer.

        """

    /// The form of each root whose type is known, by its name; stages come first.
    ///
    /// - Throws: What ``JSONShape/init(of:)`` throws.
    static func shapes() throws -> [(name: String, shape: JSONShape)] {
        let stages = try StageName.allCases.map { ($0.rawValue, try $0.values.shape()) }
        let others = try PlainRoot.allCases.map { ($0.rawValue, try $0.values.shape()) }
        return (stages + others).filter { $0.1 != .anything }
    }

    /// The page.
    ///
    /// - Throws: What ``JSONShape/init(of:)`` throws.
    static func text() throws -> String {
        opening
            + (try shapes().map { name, shape in
                let rows = shape.paths.map { path, kind in
                    "| `\(path.isEmpty ? name : "\(name).\(path)")` | \(kind) |\n"
                }
                return "\n## `\(name)`\n\n| path | kind |\n|---|---|\n" + rows.joined()
            }.joined())
    }
}
