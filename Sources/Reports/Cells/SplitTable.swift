import Basics
import Catalog
import Results

struct SplitTable: CellKind {
    static let name = "split-table"
    static let summary = "The number of photographs, animals and encounters in each role of the split."
    static let stages: [StageName] = [.split]

    private static let titles: [(role: Role, title: String)] = [
        (.train, "training"), (.validation, "validation"), (.test, "test"), (.none, "left out"),
    ]

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        let split = try context.artefacts.read(
            SplitFiles.split, of: context.node(.split, noting: &content))
        let catalog = try context.artefacts.catalog()
        let trained = Set(split.trainedWhales)
        let present = Viewpoint.inOrder(catalog.photographs.map(\.viewpoint))
        func row(_ title: Table.Cell, _ rows: [Split.Row]) -> [Table.Cell] {
            let photographs = rows.compactMap { catalog[$0.imageID] }
            let animals = rows.animals
            let counts = [
                rows.count, animals.count, animals.subtracting(trained).count,
                Set(photographs.compactMap(\.encounterID)).count,
            ]
            let views = present.map { view in photographs.count { $0.viewpoint == view } }
            return [title] + (counts + views).map { .text(NumberText.thousands(Double($0))) }
        }
        var rows: [[Table.Cell]] = []
        for (role, title) in Self.titles {
            let own = split.rows.filter { $0.role == role }
            if !own.isEmpty { rows.append(row(.text(title), own)) }
        }
        rows.append(row(.strong("all"), split.rows))
        let columns: [Table.Column] =
            [.init("Role")]
            + ["Photographs", "Animals", "Never trained on", "Encounters"].map { .init($0, .right) }
            + present.map { .init("\($0.rawValue) views".capitalisingFirst, .right) }
        content.parts = [.table(Table(columns: columns, rows: rows))]
        return content
    }
}
