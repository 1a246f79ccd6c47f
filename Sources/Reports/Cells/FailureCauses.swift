import Basics
import Evaluation
import Results

/// `failure-causes`: why queries missed, how often, and what speaks for it.
struct FailureCauses: Verb {
    let name = "failure-causes"
    let stages: [StageName] = [.evaluate]
    let parameters = ["count"]

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        var content = CellContent(contract: causes.contract)
        let rows = try context.artefacts.read(EvaluateFiles.causes, of: context.nodes(.evaluate)[0])
        let count = try context.integer("count", 0...100_000, standard: 3)
        content.values = causes.values
        content.parts = [
            .table(
                Table(
                    columns: [.init("Cause")]
                        + ["Misses that go by it", "Share", "Misses it holds for", "Hits it holds for"]
                        .map { .init($0, .right) },
                    rows: causes.causes.filter { $0.misses > 0 }.map(Self.row)))
        ]
        let examples = causes.causes.flatMap { cause in
            rows.filter { $0.order == 1 && $0.cause == cause.cause }.prefix(count)
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

    private static func row(_ cause: CauseSummary.Tally) -> [Table.Cell] {
        func text(_ count: Int?) -> Table.Cell { .text(count.map { NumberText.thousands(Double($0)) } ?? "–") }
        return [
            .text(cause.title), text(cause.first), .text(cause.share.map { NumberText.percent($0) } ?? "–"),
            text(cause.misses), text(cause.hits),
        ]
    }
}
