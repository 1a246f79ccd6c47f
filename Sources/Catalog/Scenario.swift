import Basics
import Foundation

/// A retrieval task: queries, each a photograph, and the database that is ranked for every one of them.
public struct Scenario: Sendable, Equatable {
    /// One photograph to be identified.
    public struct Query: Sendable, Equatable {
        public let id: String
        public let imageID: String

        /// Creates a query.
        public init(id: String, imageID: String) {
            self.id = id
            self.imageID = imageID
        }
    }

    public let id: String
    public let queries: [Query]
    /// The photographs that are ranked, in the order that settles ties.
    public let database: [String]

    /// Creates a scenario.
    public init(id: String, queries: [Query], database: [String]) {
        self.id = id
        self.queries = queries
        self.database = database
    }

    /// The scenario without some photographs.
    public func leavingOut(_ imageIDs: Set<String>) -> Scenario {
        Scenario(
            id: id, queries: queries.filter { !imageIDs.contains($0.imageID) },
            database: database.filter { !imageIDs.contains($0) })
    }

    /// The right answers to each query: photographs of the same animal in the database, the query's own left out.
    ///
    /// - Complexity: O(queries + database + answers).
    public func answers(in catalog: Catalog) -> [(query: Query, answers: [String])] {
        let byWhale = Dictionary(grouping: database) { catalog[$0]?.whaleID }
        return queries.map { query in
            let whale = catalog[query.imageID]?.whaleID
            let found = whale == nil ? [] : byWhale[whale] ?? []
            return (query, found.filter { $0 != query.imageID })
        }
    }

    /// The right answers that are of their query's own encounter, out of all right answers.
    ///
    /// - Complexity: O(queries + database), however many answers there are.
    public func answersOfOwnEncounter(in catalog: Catalog) -> (count: Int, total: Int) {
        struct Family: Hashable {
            let whale: String?
            let encounter: String?
        }
        let ranked = Set(database)
        let photographs = ranked.compactMap { catalog[$0] }
        let all = Dictionary(grouping: photographs, by: \.whaleID).mapValues(\.count)
        let own = Dictionary(grouping: photographs) { Family(whale: $0.whaleID, encounter: $0.encounterID) }
            .mapValues(\.count)
        return queries.reduce((0, 0)) { sum, query in
            guard let asked = catalog[query.imageID], asked.whaleID != nil else { return sum }
            // A query's own photograph is no answer to it.
            let itself = ranked.contains(asked.id) ? 1 : 0
            let shared = own[Family(whale: asked.whaleID, encounter: asked.encounterID)] ?? itself
            return (
                sum.0 + (asked.encounterID == nil ? 0 : shared - itself),
                sum.1 + (all[asked.whaleID] ?? itself) - itself
            )
        }
    }
}

/// The competition's files of scenarios: `query_scenarios.csv`, `queries/*.csv`, `databases/*.csv`, `labels.csv`.
public enum ScenarioFiles {
    /// Whether the folder brings its own scenarios.
    public static func exist(in directory: URL) -> Bool {
        FileManager.default.fileExists(atPath: directory.appending(path: "query_scenarios.csv").path)
    }

    /// Reads every scenario and checks that the catalogue has each photograph.
    ///
    /// - Parameter folder: Where the files lie; nil for the catalogue's own folder.
    /// - Throws: ``FileError``, or ``CatalogError`` with every unknown or repeated photograph and every path that
    ///   leaves the folder.
    public static func read(_ catalog: Catalog, in folder: URL? = nil) throws -> [Scenario] {
        let folder = folder ?? catalog.directory
        let table = try CSVTable.read(folder.appending(path: "query_scenarios.csv"))
        let columns = try ["scenario_id", "queries_path", "database_path"].map(table.column)
        var problems = ProblemList()
        var scenarios: [Scenario] = []
        // A submission names queries alone, so their names must differ over all scenarios.
        var queryIDs: Set<String> = []
        var ids: Set<String> = []
        problems.checkRepeats(table, column: columns[0], seen: &ids)
        for (row, cells) in table.rows.enumerated() {
            guard problems.checkPaths([cells[columns[1]], cells[columns[2]]], row: row, of: table) else { continue }
            let queries = try CSVTable.read(folder.appending(path: cells[columns[1]]))
            let database = try CSVTable.read(folder.appending(path: cells[columns[2]]))
            let queryColumns = try ["query_id", "query_image_id"].map(queries.column)
            let databaseColumn = try database.column("database_image_id")
            problems.checkImages(queries, column: queryColumns[1], in: catalog)
            problems.checkImages(database, column: databaseColumn, in: catalog)
            problems.checkRepeats(queries, column: queryColumns[0], seen: &queryIDs)
            var databaseIDs: Set<String> = []
            problems.checkRepeats(database, column: databaseColumn, seen: &databaseIDs)
            scenarios.append(
                Scenario(
                    id: cells[columns[0]],
                    queries: queries.rows.map { .init(id: $0[queryColumns[0]], imageID: $0[queryColumns[1]]) },
                    database: database.rows.map { $0[databaseColumn] }))
        }
        try problems.throwIfAny()
        return scenarios
    }

    /// Writes scenarios and the labels that the catalogue's animals give them.
    public static func write(_ scenarios: [Scenario], of catalog: Catalog, to directory: URL) throws {
        var index: [[String]] = []
        for scenario in scenarios {
            let queries = "queries/\(scenario.id).csv"
            let database = "databases/\(scenario.id).csv"
            index.append([scenario.id, queries, database])
            try AtomicFile.write(
                CSVTable.text(
                    header: ["query_id", "query_image_id"], rows: scenario.queries.map { [$0.id, $0.imageID] }),
                to: directory.appending(path: queries))
            try AtomicFile.write(
                CSVTable.text(header: ["database_image_id"], rows: scenario.database.map { [$0] }),
                to: directory.appending(path: database))
        }
        try writeLabels(of: scenarios, in: catalog, to: directory.appending(path: "labels.csv"))
        try AtomicFile.write(
            CSVTable.text(header: ["scenario_id", "queries_path", "database_path"], rows: index),
            to: directory.appending(path: "query_scenarios.csv"))
    }

    /// Writes `labels.csv`: each query with every right answer.
    public static func writeLabels(of scenarios: [Scenario], in catalog: Catalog, to url: URL) throws {
        let rows = scenarios.flatMap { $0.answers(in: catalog) }.flatMap { query, answers in
            answers.map { [query.id, $0] }
        }
        try AtomicFile.write(CSVTable.text(header: ["query_id", "database_image_id"], rows: rows), to: url)
    }
}

extension ProblemList {
    /// Whether no path leaves the folder of the table.
    fileprivate mutating func checkPaths(_ paths: [String], row: Int, of table: CSVTable) -> Bool {
        let leaving = paths.filter { $0.isEmpty || ImageFolder.leaves($0) }
        for path in leaving {
            add(
                table.path, line: table.line(ofRow: row), "the path \(quoted: path) leaves the folder",
                "Write it relative to the folder, without '..'.")
        }
        return leaving.isEmpty
    }

    fileprivate mutating func checkImages(_ table: CSVTable, column: Int, in catalog: Catalog) {
        for (row, cells) in table.rows.enumerated() where catalog.position(of: cells[column]) == nil {
            add(
                table.path, line: table.line(ofRow: row), "metadata.csv has no photograph \(quoted: cells[column])",
                "Add it there, or take it out here.")
        }
    }

    fileprivate mutating func checkRepeats(_ table: CSVTable, column: Int, seen: inout Set<String>) {
        for (row, cells) in table.rows.enumerated() where !seen.insert(cells[column]).inserted {
            add(
                table.path, line: table.line(ofRow: row),
                "\(table.header[column]) \(quoted: cells[column]) stands twice",
                "Keep one row.")
        }
    }
}
