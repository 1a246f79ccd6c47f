import Basics
import Foundation

/// A retrieval task: query photographs, and the database that is ranked for each of them.
public struct Scenario: Sendable, Equatable {
    /// One photograph to identify.
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
    /// The photographs to rank; their order breaks ties.
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

    /// The matches of each query: database photographs of the same animal, except the query's own.
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

    /// The number of matches from their query's own encounter, and of all matches.
    ///
    /// - Complexity: O(queries + database), regardless of the number of matches.
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
            // A query's own photograph is not a match.
            let itself = ranked.contains(asked.id) ? 1 : 0
            let shared = own[Family(whale: asked.whaleID, encounter: asked.encounterID)] ?? itself
            return (
                sum.0 + (asked.encounterID == nil ? 0 : shared - itself),
                sum.1 + (all[asked.whaleID] ?? itself) - itself
            )
        }
    }
}

/// The competition's scenario files: `query_scenarios.csv`, `queries/*.csv`, `databases/*.csv`, `labels.csv`.
public enum ScenarioFiles {
    /// Whether the folder has its own scenarios.
    public static func exist(in directory: URL) -> Bool {
        FileManager.default.fileExists(atPath: directory.appending(path: "query_scenarios.csv").path)
    }

    /// Reads every scenario from `folder`, by default the catalogue's own, and checks that the catalogue contains each
    /// photograph.
    ///
    /// - Throws: ``FileError``, or ``CatalogError`` with every unknown or repeated photograph and every path that
    ///   leaves the folder.
    public static func read(_ catalog: Catalog, in folder: URL? = nil) throws -> [Scenario] {
        let folder = folder ?? catalog.directory
        let table = try CSVTable.read(folder.appending(path: "query_scenarios.csv"))
        let columns = try ["scenario_id", "queries_path", "database_path"].map(table.column)
        var problems = ProblemList()
        var scenarios: [Scenario] = []
        // A submission identifies queries without their scenario, so ids must be unique across scenarios.
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

    /// Writes scenarios and their labels, which come from the catalogue's animals.
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

    /// Writes `labels.csv`: each query with every match.
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
                "Add it there, or remove it here.")
        }
    }

    fileprivate mutating func checkRepeats(_ table: CSVTable, column: Int, seen: inout Set<String>) {
        for (row, cells) in table.rows.enumerated() where !seen.insert(cells[column]).inserted {
            add(
                table.path, line: table.line(ofRow: row),
                "\(table.header[column]) \(quoted: cells[column]) occurs twice",
                "Keep one row.")
        }
    }
}

/// The scenarios of an evaluation in one file: names, queries and databases.
public struct ScenarioSet: Sendable, Equatable {
    public let scenarios: [Scenario]

    /// Creates a set.
    public init(_ scenarios: [Scenario]) { self.scenarios = scenarios }

    /// Writes the set as a JSON list, because a submission depends on the order of scenarios.
    public func write(to url: URL) throws {
        let list = scenarios.map { scenario -> JSONValue in
            [
                "id": .string(scenario.id),
                "queries": .array(
                    scenario.queries.map { ["query_id": .string($0.id), "query_image_id": .string($0.imageID)] }),
                "database": .array(scenario.database.map(JSONValue.string)),
            ]
        }
        try AtomicFile.write(JSONValue.object(["scenarios": .array(list)]).text, to: url)
    }

    /// Reads what ``write(to:)`` wrote.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ url: URL) throws -> ScenarioSet {
        let list = try JSONValue.read(url)["scenarios"]?.array
        let scenarios = list?.compactMap { entry -> Scenario? in
            guard let id = entry["id"]?.string, let queries = entry["queries"]?.array,
                let database = entry["database"]?.array
            else { return nil }
            let asked = queries.compactMap { query -> Scenario.Query? in
                guard let id = query["query_id"]?.string, let image = query["query_image_id"]?.string else {
                    return nil
                }
                return Scenario.Query(id: id, imageID: image)
            }
            return Scenario(id: id, queries: asked, database: database.compactMap(\.string))
        }
        guard let scenarios, scenarios.count == list?.count else {
            throw FileError.malformed(
                path: url.path, line: nil, problem: "this is not a list of scenarios", remedy: "Run 'split' again.")
        }
        return ScenarioSet(scenarios)
    }
}

/// A rule of whalebook.yaml that yields no scenario.
public enum ScenarioError: Error, Equatable, CustomStringConvertible {
    /// A part of a rule.
    public enum Side: String, Sendable { case queries, database }

    case noViewpoint(scenario: String, side: Side, viewpoint: String, known: [String])
    case empty(scenario: String, queries: Int, database: Int)

    public var description: String {
        switch self {
        case .noViewpoint(let scenario, let side, let viewpoint, let known):
            "Scenario \(quoted: scenario) has \(side.rawValue) of viewpoint \(quoted: viewpoint), but no photograph has it. "
                + (Spelling.nearest(to: viewpoint, among: known).map { "Did you mean \(quoted: $0)? " } ?? "")
                + "Viewpoints are: \(known.listed())."
        case .empty(let scenario, let queries, let database):
            """
            Scenario \(quoted: scenario) has no queries: \(queries) photographs fit its queries and \(database) its \
            database, but no animal has both a query and a match. Widen viewpoint, role or years, set same-encounter: \
            true, or remove the scenario.
            """
        }
    }
}

/// A note for the user on scenarios made from rules.
public enum ScenarioNote: Sendable, Equatable, CustomStringConvertible {
    /// The years have no query with a match.
    case leftOut(scenario: String, queries: Int, animals: Int)
    case nothingAnswerable(scenario: String, queries: Int)

    public var description: String {
        switch self {
        case .leftOut(let scenario, let queries, let animals):
            """
            Scenario \(quoted: scenario) is left out: none of its \(queries) query photographs has a match among the \
            \(animals) animals of its database.
            """
        case .nothingAnswerable(let scenario, let queries):
            """
            None of the \(queries) queries of scenario \(quoted: scenario) has a match, so no mean includes it.
            """
        }
    }
}
