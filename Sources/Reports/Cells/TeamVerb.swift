import Basics

/// `team`: the people of the front matter, each with all that is told of them.
struct TeamVerb: Verb {
    let name = "team"
    let stages: [String] = []

    func content(_ context: CellContext) throws -> CellContent {
        guard !context.frontMatter.team.isEmpty else {
            throw ValueError("the front matter has no 'team'", "Write 'team: [{name: …, biography: …}]' there.")
        }
        let texts = try context.frontMatter.team.map { member -> String in
            let name = MarkdownText.escaped(member["name"]?.string ?? "")
            let rest = (member.object ?? [:]).filter { $0.key != "name" && $0.key != "biography" }
                .sorted { $0.key < $1.key }
            let facts = try rest.map { key, value in
                "\(MarkdownText.escaped(key.capitalisingFirst)): \(MarkdownText.escaped(try Formatter.plain(value)))."
            }
            let biography = member["biography"]?.string.map { MarkdownText.escaped($0) }
            return (["**\(name)**"] + ([biography].compactMap(\.self) + facts)).joined(separator: "\n\n")
        }
        return CellContent(parts: texts.map { .markdown($0) })
    }
}
