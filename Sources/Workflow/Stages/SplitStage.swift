import Basics
import Catalog
import Configuration
import Foundation
import Imaging

/// Parts the photographs into training, validation and test, and settles which questions the evaluation asks.
struct SplitStage: Stage {
    static let splitFile = "split.csv"
    static let scenarioFile = "scenarios.json"
    static let labelFile = "labels.csv"
    /// The photographs that cannot be read and were left out.
    static let brokenFile = "broken.csv"

    let name = StageName.split
    let version = 1
    /// `split.fold` is the node's own.
    let options = [
        "split.kind", "split.folds", "split.unseen", "split.unseen-images", "split.date", "split.proportion",
        "split.minimum-images", "split.rare", "split.unknown", "scenarios", "skip-broken",
    ]
    let inputs: [StageName: [String]] = [:]
    let data: Set<DataPart> = [.metadata, .scenarios]
    let outputs = [splitFile, scenarioFile, labelFile]
    let optionalOutputs = [brokenFile]

    func additionalData(_ configuration: Configuration) -> Set<DataPart> {
        configuration.skipsBroken ? [.photographs] : []
    }

    /// All seeds share one split, so that their spread is that of training alone.
    static let seed: UInt64 = 1

    func perform(_ context: StageContext) async throws -> JSONValue {
        let catalog = try context.configuration.resolvedData.catalog()
        let shipped = ScenarioFiles.exist(in: catalog.directory) ? try ScenarioFiles.read(catalog) : nil
        let reserved = shipped.map { scenarios in
            Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        }
        let broken = try Self.broken(among: catalog, context)
        let split = try context.configuration.split.split(
            catalog, fold: context.node.fold ?? 0, reserved: reserved, seed: Self.seed
        ).leavingOut(broken)
        let scenarios = try Self.scenarios(of: catalog, split: split, shipped: shipped, context)
            .map { $0.leavingOut(broken) }.filter { !$0.queries.isEmpty }
        guard !scenarios.isEmpty else { throw WorkflowError.noScenarios(catalog.directory.path) }
        guard scenarios.contains(where: { $0.answers(in: catalog).contains { !$0.answers.isEmpty } }) else {
            throw WorkflowError.nothingAnswerable(scenarios: scenarios.map(\.id))
        }
        try split.write(to: context.output(Self.splitFile))
        try ScenarioSet(scenarios).write(to: context.output(Self.scenarioFile))
        try ScenarioFiles.writeLabels(of: scenarios, in: catalog, to: context.output(Self.labelFile))
        let roles = Dictionary(
            uniqueKeysWithValues: Role.allCases.map {
                ($0.rawValue, JSONValue.number(Double(split.images($0).count)))
            })
        return ["photographs": .object(roles), "animals_trained": .number(Double(split.trainedWhales.count))]
    }

    /// The photographs that cannot be read, where the configuration has them left out.
    private static func broken(among catalog: Catalog, _ context: StageContext) throws -> Set<String> {
        guard context.configuration.skipsBroken else { return [] }
        let broken = try PhotographCheck.broken(among: catalog.photographs.map(catalog.file))
        for photograph in broken { context.message("left out: \(photograph)") }
        guard !broken.isEmpty else { return [] }
        try AtomicFile.write(
            CSVTable.text(
                header: ["image_id", "problem"], rows: broken.map { [$0.photograph.id, "\($0.error)"] }),
            to: context.output(brokenFile))
        return Set(broken.map(\.photograph.id))
    }

    /// By the configuration's rules, else those that ship with the data, else like the competition's.
    private static func scenarios(
        of catalog: Catalog, split: Split, shipped: [Scenario]?, _ context: StageContext
    ) throws -> [Scenario] {
        let settings = context.configuration.split
        let builder = ScenarioBuilder(catalog, split: split, distractors: settings.distractors(in: catalog))
        guard let rules = context.configuration.scenarios else { return shipped ?? builder.automatic() }
        let built = try builder.scenarios(by: rules)
        for note in built.notes { context.message(note.description) }
        return built.scenarios
    }
}
