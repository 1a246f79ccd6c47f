import Basics
import Catalog
import Foundation
import Results

/// Joins the two archives of Beluga ID 2022 to one catalogue: its training photographs, and the competition's private
/// test, whose scenarios are the evaluation.
///
/// ```
/// metadata.csv               every photograph; the column split says train or test
/// query_scenarios.csv, queries/, databases/    the competition's ten scenarios
/// labels.csv                 the competition's right matches
/// labels-corrected.csv       the right matches if all names of a whale count
/// beluga.coco/               the training archive as published
/// beluga-id-test/            the test archive as published
/// ```
///
/// The names of test photographs are in the metadata for the evaluation alone: the column `split` keeps them from the
/// training whatever the scenarios have.
public struct BelugaLayout {
    /// The folder of the training archive.
    static let training = "beluga.coco"
    /// The folder of the test archive.
    static let test = "beluga-id-test"
    /// The competition's right matches.
    public static let labels = "labels.csv"
    /// The right matches by corrected names.
    public static let correctedLabels = "labels-corrected.csv"

    private static let runtime = "code-execution"

    /// What was found.
    public struct Summary: Sendable, Equatable {
        public let trainingPhotographs: Int
        public let trainingWhales: Int
        public let testPhotographs: Int
        public let scenarios: Int
        public let queries: Int
        /// The right matches of the competition.
        public let labels: Int
        /// The right matches that only the corrected names have, and those that they do not have.
        public let added: Int
        public let dropped: Int
        /// The right matches of the competition that the names in `metadata.csv` do not give, and the other way round.
        public let differing: Int
        /// Rows of the test's metadata that stood twice.
        public let repeated: Int

        /// For the user, one line each.
        public var lines: [String] {
            [
                """
                training    \(NumberText.counted(trainingPhotographs, "photograph", "photographs")) of \
                \(NumberText.counted(trainingWhales, "whale", "whales")) in \(BelugaLayout.training)
                """,
                """
                test        \(NumberText.counted(testPhotographs, "photograph", "photographs")) in \
                \(BelugaLayout.test); \(NumberText.counted(scenarios, "scenario", "scenarios")), \
                \(NumberText.counted(queries, "query", "queries"))
                """,
                "labels.csv  \(NumberText.counted(labels, "right match", "right matches")) of the competition",
                """
                \(BelugaLayout.correctedLabels)  the corrected names add \(NumberText.thousands(Double(added))) and drop \
                \(NumberText.thousands(Double(dropped)))
                """,
            ]
                + (repeated > 0
                    ? [
                        "removed     \(NumberText.counted(repeated, "row", "rows")) of the test's metadata that stood twice"
                    ]
                    : [])
                + (differing > 0
                    ? [
                        """
                        note        the names give \(NumberText.thousands(Double(differing))) other matches than \
                        labels.csv; evaluation.json follows the names, 'whalebook score' the labels
                        """
                    ] : [])
        }
    }

    private struct Pair: Hashable {
        let query: String
        let image: String
    }

    /// Writes the joined catalogue into `root`, which has the two unpacked archives.
    ///
    /// - Throws: ``PublicDataError/otherForm(archive:problem:)``, `FileError`, `CatalogError`, `LayoutError`.
    public static func write(in root: URL) throws -> Summary {
        let runtime = root.appending(path: "\(test)/\(runtime)")
        let required = ["\(Self.runtime)/metadata.csv", "\(Self.runtime)/query_scenarios.csv"] + Private.files
        for file in required where !FileManager.default.fileExists(atPath: root.appending(path: "\(test)/\(file)").path)
        {
            throw PublicDataError.otherForm(archive: test, problem: "it has no \(file)")
        }
        let repeated = try removeRepeatedRows(runtime.appending(path: "metadata.csv"))
        let asked = try Catalog.read(runtime, layout: .competition)
        let scenarios = try ScenarioFiles.read(asked)
        let known = try Private(root.appending(path: test), photographs: asked, scenarios: scenarios)
        let (joined, differing) = try known.joined(
            training: Catalog.read(root.appending(path: training), layout: .coco), at: root, scenarios)
        try joined.writeMetadata()
        try ScenarioFiles.write(scenarios, of: joined, to: root)
        let corrected = known.pairs(of: scenarios, by: .corrected)
        try write(known.labels, to: root.appending(path: labels))
        try write(corrected, to: root.appending(path: correctedLabels))
        let trained = joined.photographs.filter { $0.split == "train" }
        return Summary(
            trainingPhotographs: trained.count, trainingWhales: Set(trained.compactMap(\.whaleID)).count,
            testPhotographs: asked.photographs.count, scenarios: scenarios.count,
            queries: scenarios.map(\.queries.count).reduce(0, +), labels: known.labels.count,
            added: Set(corrected).subtracting(known.labels).count,
            dropped: Set(known.labels).subtracting(corrected).count, differing: differing, repeated: repeated)
    }

    private static func write(_ pairs: [Pair], to url: URL) throws {
        try Labels(rows: pairs.map { .init(queryID: $0.query, imageID: $0.image) }).write(to: url)
    }

    /// Writes the test's metadata without rows that repeat an earlier one; contradicting rows stay, and are refused by
    /// their reader.
    private static func removeRepeatedRows(_ url: URL) throws -> Int {
        let table = try CSVTable.readSheet(url)
        var seen: Set<[String]> = []
        let rows = table.rows.filter { seen.insert($0).inserted }
        if rows.count < table.rows.count {
            try AtomicFile.write(CSVTable.text(header: table.header, rows: rows), to: url)
        }
        return table.rows.count - rows.count
    }

    /// The files that the competitors did not have.
    private struct Private {
        static let files = ["private_test_labels.csv", "private_test_metadata.csv", "private_train_metadata.csv"]

        /// The competition's right matches, in the order of the file.
        let labels: [Pair]
        private let names: WhaleNames
        /// The original name of each test photograph that has one.
        private let originals: [String: String]
        private let photographs: Catalog

        init(_ folder: URL, photographs: Catalog, scenarios: [Scenario]) throws {
            self.photographs = photographs
            let training = try PublishedTable(
                folder.appending(path: "private_train_metadata.csv"),
                columns: ["image_id", "whale_id", "original_whale_id"])
            names = WhaleNames(try training.byFirstCell().values.map { ($0[1], $0[2]) })
            let test = try PublishedTable(
                folder.appending(path: "private_test_metadata.csv"), columns: ["image_id", "original_whale_id"])
            let rows = try test.byFirstCell()
            if let missing = photographs.photographs.first(where: { rows[$0.id] == nil }) {
                throw PublicDataError.otherForm(
                    archive: BelugaLayout.test,
                    problem: "private_test_metadata.csv has no row for \(quoted: missing.id)")
            }
            originals = rows.compactMapValues { $0[1].isEmpty ? nil : $0[1] }
            let matches = try PublishedTable(
                folder.appending(path: "private_test_labels.csv"), columns: ["query_id", "database_image_id"])
            var databases: [String: Set<String>] = [:]
            for scenario in scenarios {
                let database = Set(scenario.database)
                for query in scenario.queries { databases[query.id] = database }
            }
            for (position, row) in matches.rows.enumerated() {
                guard let database = databases[row[0]] else {
                    throw matches.problem(atRow: position, "no scenario has the query \(quoted: row[0])")
                }
                guard database.contains(row[1]) else {
                    throw matches.problem(
                        atRow: position, "the database of \(quoted: row[0]) has no photograph \(quoted: row[1])")
                }
            }
            labels = matches.rows.map { Pair(query: $0[0], image: $0[1]) }
        }

        /// The right matches of every query by a rule: the photographs of its database with the whale of its own, but
        /// not its own.
        func pairs(of scenarios: [Scenario], by rule: WhaleNames.Rule) -> [Pair] {
            func group(_ image: String) -> String? { originals[image].map { names.group(of: $0, by: rule) } }
            return scenarios.flatMap { scenario in
                let byGroup = Dictionary(grouping: scenario.database, by: group)
                return scenario.queries.flatMap { query -> [Pair] in
                    guard let whale = group(query.imageID) else { return [] }
                    return (byGroup[whale] ?? []).filter { $0 != query.imageID }
                        .map { Pair(query: query.id, image: $0) }
                }
            }
        }

        /// The catalogue of both sides, with test names that give the competition's right matches if either rule does,
        /// and the number of right matches that differ.
        func joined(training: Catalog, at root: URL, _ scenarios: [Scenario]) throws -> (Catalog, differing: Int) {
            let wanted = Set(labels)
            let rules = [WhaleNames.Rule.original, .corrected].map { rule in
                (rule: rule, differing: Set(pairs(of: scenarios, by: rule)).symmetricDifference(wanted).count)
            }
            let best = rules[0].differing <= rules[1].differing ? rules[0] : rules[1]
            let called = names.catalogueNames(
                of: Set(photographs.photographs.compactMap { originals[$0.id] }), by: best.rule)
            let tested = photographs.photographs.map { photograph in
                let whale = originals[photograph.id].flatMap { called[names.group(of: $0, by: best.rule)] }
                return photograph.named(whale).placed(
                    in: "\(BelugaLayout.test)/\(BelugaLayout.runtime)", id: photograph.id, split: "test")
            }
            let ids = trainingIDs(training)
            let trained = zip(training.photographs, ids).map { photograph, id in
                photograph.placed(in: BelugaLayout.training, id: id, split: "train")
            }
            return (Catalog(directory: root, photographs: trained + tested), best.differing)
        }

        /// The file's name without its ending, as in the competition, if that is unique; otherwise `train-` and the id.
        private func trainingIDs(_ training: Catalog) -> [String] {
            let stems = training.photographs.map { photograph in
                String((photograph.path.split(separator: "/").last ?? "").prefix { $0 != "." })
            }
            let isUnique = Set(stems).count == stems.count && stems.allSatisfy { photographs.position(of: $0) == nil }
            return isUnique ? stems : training.photographs.map { "train-\($0.id)" }
        }
    }
}
