import Basics
import Foundation
import Options
import Testing

@testable import Reports

/// What the kinds declare, and the page that is generated from it.
struct CellReferenceTests {
    @Test func `The reference of cells matches the declarations`() throws {
        try Golden.check(CellReference.text, page: "cells-reference.md")
    }

    @Test(arguments: CellKinds.all.map { $0.name })
    func `A kind and its parameters are described by sentences`(kind: String) throws {
        let kind = try CellKinds.kind(kind)
        for sentence in [kind.summary] + kind.init().declarations.map(\.meaning) {
            let begins = sentence.first?.isLowercase == false || sentence.hasPrefix("mAP")
            #expect(begins && sentence.hasSuffix("."), "\(sentence)")
        }
    }

    /// A value of an option in a document, and what the cell reads.
    private static func cell(_ line: String) -> Cell {
        let text = "```{map-curve}\n#| \(line)\n```\n"
        return Document(parsing: text, url: URL(filePath: "/t.book.md")).cells[0]
    }

    @Test(
        arguments: [
            ("label: fig-a", "label", "fig-a"), ("echo: true", "echo", true), ("eval: false", "eval", false),
            ("include: false", "include", false), ("output: false", "output", false),
            ("warning: false", "warning", false),
            ("error: true", "error", true), ("fig-cap: 1.50", "fig-cap", "1.50"), ("fig-alt: yes", "fig-alt", "yes"),
            ("fig-width: 0.5", "fig-width", 0.5), ("fig-height: 40", "fig-height", 40), ("fig-dpi: 24", "fig-dpi", 24),
            ("fig-format: jpeg", "fig-format", "jpeg"), ("tbl-cap: 007", "tbl-cap", "007"),
            ("from: search", "from", ["search"]),
            ("from: [search, 'train[seed=1]']", "from", ["search", "train[seed=1]"]),
        ] as [(String, String, JSONValue)])
    func `An option of a cell has the value that the document gives`(line: String, name: String, value: JSONValue) {
        let cell = Self.cell(line)
        #expect(cell.problems.isEmpty)
        #expect(cell.options.optionJSON == .object(Self.defaults.merging([name: value]) { $1 }))
    }

    private static let defaults = CellOptions().optionJSON.object ?? [:]

    @Test(arguments: ["fig-dpi: 601", "fig-width: 0.4", "label: 1a", "fig-cap: [x]", "from: [[search]]", "echo: 1"])
    func `A value that an option does not accept is reported and not read`(line: String) {
        let cell = Self.cell(line)
        #expect(cell.problems.count == 1 && cell.problems[0].line == 2)
        #expect(cell.options == CellOptions())
    }

    /// A kind with the parameters of a cell.
    private static func read<Kind: CellKind>(_ kind: Kind.Type, _ body: String) throws -> Kind {
        let text = "```{\(kind.name)}\n\(body)\n```\n"
        let cell = Document(parsing: text, url: URL(filePath: "/t.book.md")).cells[0]
        return try Kind(cell.parameters, of: cell)
    }

    @Test func `Parameters have the values that the document gives, or their defaults`() throws {
        let grid = try Self.read(RetrievalGridCell.self, "select: random\nwhale: 17\nranks: 20")
        #expect(grid.select == .random && grid.whale == "17" && grid.count == 8 && grid.scenario == nil)
        #expect(grid.optionJSON["ranks"] == 20 && grid.optionJSON["missed"] == 1)
        #expect(try Self.read(WhaleTable.self, "count: all").count == nil)
        #expect(try Self.read(WhaleTable.self, "count: 3").count == 3)
        #expect(try Self.read(CodeCell.self, "snippet: a").snippet.values == ["a"])
        #expect(try Self.read(EmbeddingMapCell.self, "animals: [b, 1, a]").animals.values == ["b", "1", "a"])
        #expect(try Self.read(EmbeddingMapCell.self, "animals: []").animals.values == [])
    }
}
