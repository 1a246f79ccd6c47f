import Basics
import Catalog
import Configuration
import Foundation

/// Parts the photographs into training, validation and test, and settles which questions the evaluation asks.
struct SplitStage: Stage {
    static let splitFile = "split.csv"
    static let scenarioFile = "scenarios.json"
    static let labelFile = "labels.csv"

    let name = StageName.split
    let version = 1
    /// `split.fold` is the node's own.
    let options = ["split.kind", "split.folds", "split.unseen", "split.minimum-images", "scenarios"]
    let inputs: [StageName: [String]] = [:]
    let data: Set<DataPart> = [.metadata, .scenarios]
    let outputs = [splitFile, scenarioFile, labelFile]

    /// All seeds share one split, so that their spread is that of training alone.
    private static let seed: UInt64 = 1

    func perform(_ context: StageContext) async throws -> JSONValue {
        let catalog = try context.configuration.resolvedData.catalog()
        let shipped = ScenarioFiles.exist(in: catalog.directory) ? try ScenarioFiles.read(catalog) : nil
        let reserved = shipped.map { scenarios in
            Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        }
        let split = try context.configuration.split.split(
            catalog, fold: context.node.fold ?? 0, reserved: reserved, seed: Self.seed)
        let scenarios = shipped ?? ScenarioBuilder.scenarios(of: catalog, split: split)
        guard !scenarios.isEmpty else { throw WorkflowError.noScenarios(catalog.directory.path) }
        try split.write(to: context.output(Self.splitFile))
        try ScenarioSet(scenarios).write(to: context.output(Self.scenarioFile))
        try ScenarioFiles.writeLabels(of: scenarios, in: catalog, to: context.output(Self.labelFile))
        let roles = Dictionary(
            uniqueKeysWithValues: Role.allCases.map {
                ($0.rawValue, JSONValue.number(Double(split.images($0).count)))
            })
        return ["photographs": .object(roles), "animals_trained": .number(Double(split.trainedWhales.count))]
    }
}

/// The scenarios of an evaluation as one file: names, queries and databases.
public struct ScenarioSet: Sendable, Equatable {
    public let scenarios: [Scenario]

    /// Creates a set.
    public init(_ scenarios: [Scenario]) { self.scenarios = scenarios }

    /// Writes the set as JSON: a list, since the order of scenarios is that of the submission.
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
                path: url.path, line: nil, problem: "this is no list of scenarios", remedy: "Run 'split' again.")
        }
        return ScenarioSet(scenarios)
    }
}
