import Basics
import Results

struct TeamCell: CellKind {
    static let name = "team"
    static let summary = "The people of the front matter's `team`, with everything that it says about them."
    static let stages: [StageName] = []

    /// What belongs into a field that was left empty.
    private static let hints = [
        "name": "Your name.", "biography": "Two or three sentences about you.",
        "profession": "What you do professionally.",
    ]

    func content(_ context: CellContext) throws -> CellContent {
        guard !context.frontMatter.team.isEmpty else {
            throw ValueError("the front matter has no 'team'", "Write 'team: [{name: …, biography: …}]' there.")
        }
        var gaps: [String] = []
        let texts = try context.frontMatter.team.enumerated().map { number, member -> String in
            func text(_ key: String, _ value: JSONValue, mark: String = "") throws -> String {
                guard value.isLeftEmpty else { return mark + MarkdownText.escaped(try Formatter.plain(value)) + mark }
                gaps.append("team.\(number).\(key)")
                return RenderGap.markdown("team.\(number).\(key)", hint: Self.hints[key])
            }
            let name = try member["name"].map { try text("name", $0, mark: "**") }
            let biography = try member["biography"].map { try text("biography", $0) }
            let facts = try (member.object ?? [:]).filter { $0.key != "name" && $0.key != "biography" }
                .sorted { $0.key < $1.key }
                .map { key, value in
                    let end = value.isLeftEmpty ? "" : "."
                    return "\(MarkdownText.escaped(key.capitalisingFirst)): \(try text(key, value))\(end)"
                }
            return ([name, biography].compactMap(\.self) + facts).joined(separator: "\n\n")
        }
        return CellContent(parts: texts.map { .markdown($0) }, gaps: gaps)
    }
}
