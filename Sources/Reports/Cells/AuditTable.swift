import Basics
import Catalog
import Results

struct AuditTable: CellKind {
    static let name = "audit-table"
    static let summary = """
        Leaks in the split and the scenarios, with a warning for each that inflates scores, and the scores of other \
        splits if there are any.
        """
    static let stages: [StageName] = [.split, .measure]

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        let node = try context.node(.split, noting: &content)
        // The measures are read only if the cell names them and they have a result.
        let audit = try context.artefacts.audit(node, measures: context.readNodes.first { $0.stage == .measure })
        content.parts = [.table(Self.leaks(audit)), .table(Self.questions(audit))]
        content.parts += audit.warnings.map { .markdown(Alert.warning.markdown(MarkdownText.escaped($0))) }
        content.notes += audit.remarks
        if let splitComparisons = try splitComparisons(context) {
            content.parts += CellContent.Part.titled("Runs that differ only in their split", splitComparisons)
            content.notes.append(Self.lesson)
        }
        content.values = [
            "warnings": .number(Double(audit.warnings.count)),
            "answerable": audit.answerable.value.map(JSONValue.number) ?? .null,
            "unseen_animals": .number(Double(audit.animals.unseen)),
        ]
        content.contract = """
            Related photographs are of one encounter, of the same second, of the same file, or have perceptual hashes \
            that differ in at most \(Duplicates.limit) of 64 bits. Validation and test count the photographs with a \
            related one in training; queries are those with a related right photograph.
            """
        return content
    }

    private static let lesson = """
        If photographs of one encounter are on both sides of a split, a network can score without recognising any animal.
        """

    private static func leaks(_ audit: SplitAudit) -> Table {
        func count(_ count: Int, of total: Int?) -> Table.Cell {
            let share = total.flatMap {
                $0 > 0 && count > 0 ? " (\(NumberText.percent(Double(count) / Double($0))))" : nil
            }
            return .text(NumberText.thousands(Double(count)) + (share ?? ""))
        }
        let rows = audit.leaks.map { leak -> [Table.Cell] in
            let example = leak.examples.first.map { "\($0.imageID), \($0.otherID)" } ?? "–"
            return [
                leak.matters ? .strong(leak.kind.noun) : .text(leak.kind.noun),
                count(leak.validation, of: audit.counts[.validation]), count(leak.test, of: audit.counts[.test]),
                count(leak.queries, of: audit.answerable.total), .text(example),
            ]
        }
        let unknown = audit.unknown.map { [.text($0.noun), "–", "–", "–", "not checked"] as [Table.Cell] }
        return Table(
            columns: [
                .init("Related to training by"), .init("Validation", .right), .init("Test", .right),
                .init("Queries with a related match", .right), .init("Example"),
            ], rows: rows + unknown)
    }

    private static func questions(_ audit: SplitAudit) -> Table {
        func text(_ count: Int) -> Table.Cell { .text(NumberText.thousands(Double(count))) }
        let animals = audit.animals
        return Table(
            columns: [.init("Animals and queries"), .init("Count", .right)],
            rows: [
                ["animals in training and evaluation", text(animals.onBothSides)],
                ["animals in evaluation only", text(animals.unseen)],
                ["animals in training only", text(animals.trainedOnly)],
                ["queries", text(audit.answerable.total)],
                [
                    "queries whose animal is in the database",
                    .text(
                        "\(NumberText.thousands(Double(audit.answerable.count)))"
                            + (audit.answerable.value.map { " (\(NumberText.percent($0)))" } ?? "")),
                ],
            ])
    }

    private func splitComparisons(_ context: CellContext) throws -> Table? {
        guard let splitComparisons = context.artefacts.inputs.ledger?.splitComparisons, !splitComparisons.isEmpty else {
            return nil
        }
        let rows = try splitComparisons.map { comparison -> [Table.Cell] in
            let validations = try comparison.training.compactMap {
                try context.artefacts.epochs($0).last?.validationMAP
            }
            let mean = validations.isEmpty ? nil : validations.reduce(0, +) / Double(validations.count)
            return [
                .text(comparison.kind), .text(comparison.run), .text(mean.map { NumberText.fixed($0, 3) } ?? "–"),
                .text(NumberText.fixed(comparison.map, 3)),
                .text(comparison.queries.map { NumberText.thousands(Double($0)) } ?? "–"),
            ]
        }
        return Table(
            columns: [
                .init("Split by"), .init("Run", .right), .init("Validation mAP@20", .right),
                .init("mAP@20", .right), .init("Queries", .right),
            ], rows: rows)
    }
}
