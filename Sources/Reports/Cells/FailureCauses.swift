import Basics
import Evaluation

/// `failure-causes`: why queries missed, how often, and what speaks for it.
struct FailureCauses: Verb {
    let name = "failure-causes"
    let stages = ["evaluate"]
    let parameters = ["count"]

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().causes()
        let told = causes["causes"]?.array ?? []
        var content = CellContent(contract: causes["contract"]?.string)
        let rows = try context.artefacts.causes(context.nodes("evaluate")[0])
        let count = try context.integer("count", 0...100_000, standard: 3)
        content.values = ["misses": causes["misses"] ?? .null, "hits": causes["hits"] ?? .null]
        content.parts = [
            .table(
                Table(
                    columns: [.init("Cause")]
                        + ["Misses that go by it", "Share", "Misses it holds for", "Hits it holds for"]
                        .map { .init($0, .right) },
                    rows: told.filter { ($0["misses"]?.double ?? 0) > 0 }.map(Self.row)))
        ]
        let examples = told.flatMap { cause in
            rows.filter { $0.order == 1 && $0.cause.rawValue == cause["cause"]?.string }.prefix(count)
        }
        if !examples.isEmpty {
            let catalog = try context.artefacts.catalog()
            content.parts.append(
                .table(
                    Table(
                        columns: [.init("Cause"), .init("Query"), .init("Scenario"), .init("What speaks for it")],
                        rows: examples.map { row in
                            [
                                .text(row.cause.title), catalog.photographCell(row.imageID, context.links),
                                .text(row.scenario), .text(row.evidence),
                            ]
                        })))
            content.notes.append("The second table has at most \(count) queries of each cause; causes.csv has all.")
        }
        return content
    }

    private static func row(_ cause: JSONValue) -> [Table.Cell] {
        func count(_ key: String) -> Table.Cell { .text(cause[key]?.double.map(NumberText.thousands) ?? "–") }
        return [
            .text(cause["title"]?.string ?? "–"), count("first"),
            .text(cause["share"]?.double.map { NumberText.percent($0) } ?? "–"), count("misses"), count("hits"),
        ]
    }
}
