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
}

/// The competition's files of scenarios: `query_scenarios.csv`, `queries/*.csv`, `databases/*.csv`, `labels.csv`.
public enum ScenarioFiles {
    /// Whether the folder brings its own scenarios.
    public static func exist(in directory: URL) -> Bool {
        FileManager.default.fileExists(atPath: directory.appending(path: "query_scenarios.csv").path)
    }

    /// Reads every scenario and checks that the catalogue has each photograph.
    ///
    /// - Throws: ``FileError`` or ``CatalogError`` with every unknown or repeated photograph.
    public static func read(_ catalog: Catalog) throws -> [Scenario] {
        let table = try CSVTable.read(catalog.directory.appending(path: "query_scenarios.csv"))
        let columns = try ["scenario_id", "queries_path", "database_path"].map(table.column)
        var problems = ProblemList()
        var scenarios: [Scenario] = []
        // A submission names queries alone, so their names must differ over all scenarios.
        var queryIDs: Set<String> = []
        for cells in table.rows {
            let queries = try CSVTable.read(catalog.directory.appending(path: cells[columns[1]]))
            let database = try CSVTable.read(catalog.directory.appending(path: cells[columns[2]]))
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
    fileprivate mutating func checkImages(_ table: CSVTable, column: Int, in catalog: Catalog) {
        for (row, cells) in table.rows.enumerated() where catalog.position(of: cells[column]) == nil {
            add(
                table.path, line: table.line(ofRow: row), "metadata.csv has no photograph '\(cells[column])'",
                "Add it there, or take it out here.")
        }
    }

    fileprivate mutating func checkRepeats(_ table: CSVTable, column: Int, seen: inout Set<String>) {
        for (row, cells) in table.rows.enumerated() where !seen.insert(cells[column]).inserted {
            add(
                table.path, line: table.line(ofRow: row), "\(table.header[column]) '\(cells[column])' stands twice",
                "Keep one row.")
        }
    }
}
