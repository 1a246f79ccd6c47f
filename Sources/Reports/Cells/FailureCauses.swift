import Basics
import Evaluation

/// `failure-causes`: why queries missed, how often, and what speaks for it.
struct FailureCauses: Verb {
    let name = "failure-causes"
    let stages = ["evaluate"]
    let parameters = ["count"]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        guard let causes = evaluation.json["causes"], let told = causes["causes"]?.array else {
            throw ValueError("evaluation.json tells no causes", "Run 'whalebook run evaluate' again.")
        }
        var content = CellContent(contract: Self.contract)
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

    private static let contract = """
        A query misses where its first photograph is not right. It goes by the first cause in this order that holds; others \
        may hold as well. A cause that holds for as many hits explains little; a dash says that it lies in the wrong answer \
        and so cannot hold for a hit. Blurred, dark, tiny and clipped are what lies beyond the outer quartiles of all \
        photographs by more than one and a half times their distance.
        """
}
