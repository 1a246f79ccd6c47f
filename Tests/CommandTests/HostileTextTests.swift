import Basics
import Foundation
import Testing

/// Names that try to control terminals, documents and spreadsheets, in every command that prints.
struct HostileTextTests {
    private static let names = [
        "\u{1B}[31mred", "\u{1B}]8;;http://e.org\u{07}link\u{1B}]8;;\u{07}", "\u{1B}]52;c;AAAA\u{07}",
        "a\u{202E}b\u{9B}31m\u{2066}", "x\nINJECTED", "- dash\r\nINJECTED", "1. one\u{2028}INJECTED",
        "    four\tblanks\u{7F}",
        "<script>alert(1)</script>|`t`", "=cmd()", "@sum a@b.c\u{200B}\u{FEFF}", "nul\u{00}end",
    ]

    /// The document's parameters: one to set by itself, and one for each name that an argument can hold.
    private static let parameters = ["name"] + arguments.indices.map { "name\($0)" }
    private static let arguments = names.filter { !$0.contains("\u{00}") }

    /// A section that has a parameter wherever a document can have one.
    private static func section(_ parameter: String) -> String {
        """
        ## Heading `{wb} params.\(parameter)` {#sec-\(parameter)}

        `{wb} params.\(parameter)`

        - `{wb} params.\(parameter)`

        > `{wb} params.\(parameter)`

        | a |
        |---|
        | `{wb} params.\(parameter)` |

        """
    }

    /// A project whose animals, encounters and photographs have such names, and their embeddings.
    private static func project() throws -> Shell {
        let shell = try Shell.project()
        try shell.write("data: pod\ndevice: cpu\nevaluate: {bootstrap: 50}\n", to: "whalebook.yaml")
        // Without these the scenarios are built from the metadata.
        try FileManager.default.removeItem(at: shell.folder.appending(path: "pod/query_scenarios.csv"))
        let table = try CSVTable.read(shell.folder.appending(path: "pod/metadata.csv"))
        let (id, whale) = (try table.column("image_id"), try table.column("whale_id"))
        let encounter = try table.column("encounter_id")
        let whales = Set(table.rows.map { $0[whale] }).sorted()
        let rows = table.rows.enumerated().map { position, cells in
            var cells = cells
            let name = names[(whales.firstIndex(of: cells[whale]) ?? 0) % names.count]
            cells[encounter] = cells[encounter].replacing(cells[whale], with: name)
            cells[whale] = name
            cells[id] += names[position % names.count]
            return cells
        }
        try shell.write(CSVTable.text(header: table.header, rows: rows), to: "pod/metadata.csv")
        try shell.writeEmbeddings(to: "e.npy")
        try shell.write(
            """
            ---
            title: "Trial \(parameters.map { "`{wb} params.\($0)`" }.joined(separator: " "))"
            params: {\(parameters.map { "\($0): whale" }.joined(separator: ", "))}
            format: {gfm: default, html: {toc: true}, text: default}
            ---
            \(parameters.map(section).joined(separator: "\n"))

            ```{whale-table}
            #| label: tbl-whales
            ```

            ```{runs-table}
            #| label: tbl-runs
            ```

            ```{identity-suspects}
            #| label: fig-suspects
            ```

            ```{retrieval-grid}
            #| label: fig-worst
            count: 4
            ```

            """, to: "reports/trial.book.md")
        return shell
    }

    /// The characters of a text that control a terminal or the direction of text.
    private static func acting(_ text: String) -> Set<String> {
        Set(
            text.unicodeScalars.filter { scalar in
                scalar.properties.generalCategory == .control && scalar != "\n" || scalar.properties.isBidiControl
                    || [0x200B, 0x2028, 0x2029, 0xFEFF].contains(scalar.value)
            }.map { String($0.value, radix: 16) })
    }

    private static func expectHarmless(_ text: String, _ place: String) {
        #expect(acting(text).isEmpty, "\(place) has \(acting(text).sorted())")
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix("INJECTED") }, "\(place) has a line of a name")
    }

    @Test func `No name controls a terminal or changes a document, whatever command prints it`() throws {
        let shell = try Self.project()
        defer { shell.remove() }
        let hostile = "x\u{1B}]0;t\u{07}\nINJECTED"
        var told: [String] = []
        func tell(_ arguments: String..., status: Set<Int32> = [0]) throws {
            let outcome = try shell.whalebook(arguments: arguments)
            let command = "whalebook \(arguments.joined(separator: " ").prefix(60))"
            #expect(status.contains(outcome.status), "\(command): \(outcome.status) \(outcome.errors)")
            Self.expectHarmless(outcome.output, "output of \(command)")
            Self.expectHarmless(outcome.errors, "errors of \(command)")
            told += [outcome.output, outcome.errors]
        }
        try tell("catalog", "pod")
        try tell("catalog", "pod", "--json")
        try tell("import", "e.npy")
        try tell("run", "--reason", hostile, "--tag", "first")
        try tell("run", "evaluate", "-f", "--set", "evaluate.bootstrap=60", "--reason", hostile)
        try tell("tag", "1", hostile, status: [0, 1])
        for command in ["status", "runs"] {
            try tell(command, status: [0])
            try tell(command, "--json", status: [0])
        }
        try tell("status", "--graph")
        try tell("split", "--scenarios-to", "scenarios")
        try tell("path", "suspects")
        try tell("compare", "1", "2", status: [0, 5])
        try tell("compare", "1", "2", "--json", status: [0, 5])
        try tell("gc", "--dry-run")
        try tell("render", "-P", "name=\(hostile)", "--output-dir", "out", status: [0, 4])
        try tell("search", "--embeddings", "e.npy", "--data", "pod", "--output", "s.csv", status: [0, 1])
        try tell("score", "scenarios/labels.csv", "scenarios/labels.csv", status: [0, 1])
        for arguments in [[hostile], ["run", hostile], ["catalog", hostile], ["status", "--set", hostile]] {
            try tell(arguments[0], Array(arguments.dropFirst()).first ?? "", status: [1, 64])
        }
        try tell("status", "--config", hostile, status: [1])
        try tell("render", hostile, status: [1])
        // The names were printed, in visible form.
        #expect(told.contains { $0.contains("\\u{1B}") })
    }

    @Test func `No name controls the programs that open a document`() throws {
        let shell = try Self.project()
        defer { shell.remove() }
        #expect(try shell.whalebook("import", "e.npy").status == 0)
        #expect(try shell.whalebook("run").status == 0)
        let given = Self.arguments.enumerated().map { ["-P", "name\($0)=\($1)"] }
        var kinds: Set<String> = []
        // Four at a time, because a document's name has those of its parameters.
        for start in stride(from: 0, to: given.count, by: 4) {
            let output = "out\(start)"
            let outcome = try shell.whalebook(
                arguments: ["render", "--output-dir", output] + given[start..<min(start + 4, given.count)].joined())
            #expect(outcome.status == 0, "\(outcome.errors)")
            for path in try FileManager.default.subpathsOfDirectory(atPath: shell.folder.appending(path: output).path) {
                let kind = URL(filePath: path).pathExtension
                guard ["md", "html", "txt", "svg"].contains(kind) else { continue }
                kinds.insert(kind)
                let text = try shell.read("\(output)/\(path)")
                Self.expectHarmless(text, path)
                guard kind == "html" else { continue }
                #expect(!text.contains("<script>alert") && !text.contains("mailto:") && !text.contains("href=\"http"))
            }
        }
        #expect(kinds.isSuperset(of: ["md", "html", "txt"]))
    }

    @Test func `The configuration that init writes for such names can be read back`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        for file in ["whalebook.yaml", "reports/trial.book.md"] {
            try FileManager.default.removeItem(at: shell.folder.appending(path: file))
        }
        let photograph = try #require(try shell.contents("pod/images").first)
        let folder = "found\u{1B}[2J\nINJECTED: \"x\nnu\t\\nu"
        for (number, name) in Self.names.enumerated() where !name.contains("/") && !name.contains("\u{00}") {
            for copy in 0..<2 {
                let place = shell.folder.appending(path: "\(folder)/\(name)")
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try FileManager.default.copyItem(
                    at: shell.folder.appending(path: "pod/images/\(photograph)"),
                    to: place.appending(path: "\(number)_\(copy)_left\u{202E}.jpg"))
            }
        }
        let outcome = try shell.whalebook("init", folder)
        Self.expectHarmless(outcome.output, "output of init")
        Self.expectHarmless(outcome.errors, "errors of init")
        #expect(outcome.status == 0, "\(outcome.errors)")
        Self.expectHarmless(try shell.read("whalebook.yaml"), "whalebook.yaml")
        let split = try shell.whalebook("split")
        #expect(split.status == 0, "\(split.errors)")
        Self.expectHarmless(split.output + split.errors, "split")
    }
}
