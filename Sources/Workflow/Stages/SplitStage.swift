import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Results

/// Splits the photographs into training, validation and test, and makes the scenarios of the evaluation.
struct SplitStage: Stage {
    struct Inputs: StageInputs {
        let photographs: CatalogInput
        let shippedScenarios: ShippedScenarios

        init(_ declare: inout DeclaredInputs) {
            photographs = declare.photographsWhereBrokenAreSkipped()
            shippedScenarios = declare.shippedScenarios()
        }
    }

    struct Options: StageOptions {
        let split: SplitSettings
        let scenarios: [ScenarioRule]?
        let skipsBroken: Bool

        init(_ declare: inout DeclaredOptions) {
            // The fold for validation is the node's.
            split = declare(
                \.split, \.$kind, \.$folds, \.$unseen, \.$unseenImages, \.$date, \.$proportion, \.$minimumImages,
                \.$rare, \.$unknown)
            scenarios = declare(\.$scenarios)
            skipsBroken = declare(\.$skipsBroken)
        }
    }

    let name = StageName.split
    let version = 2
    let outputs = [SplitFiles.split.name, SplitFiles.scenarios.name, SplitFiles.labels.name]
    let optionalOutputs = [SplitFiles.broken.name]

    /// All seeds share one split, so that their spread is only that of training.
    static let seed: UInt64 = 1

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.photographs.catalog()
        let shipped = try inputs.shippedScenarios.scenarios(in: catalog)
        let reserved = shipped.map { scenarios in
            Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        }
        let broken = options.skipsBroken ? try Self.broken(among: catalog, workspace) : []
        let split = try options.split.split(catalog, fold: workspace.fold, reserved: reserved, seed: Self.seed)
            .leavingOut(broken)
        let scenarios = try Self.scenarios(of: catalog, split: split, shipped: shipped, options, workspace)
            .map { $0.leavingOut(broken) }.filter { !$0.queries.isEmpty }
        guard !scenarios.isEmpty else { throw WorkflowError.noScenarios(catalog.directory.path) }
        let labels = scenarios.flatMap { $0.answers(in: catalog) }.flatMap { query, answers in
            answers.map { Labels.Row(queryID: query.id, imageID: $0) }
        }
        guard !labels.isEmpty else { throw WorkflowError.nothingAnswerable(scenarios: scenarios.map(\.id)) }
        try workspace.write(split, to: SplitFiles.split)
        try workspace.write(ScenarioSet(scenarios), to: SplitFiles.scenarios)
        try workspace.write(Labels(rows: labels), to: SplitFiles.labels)
        let roles = Role.allCases.map { ($0.rawValue, JSONValue.number(Double(split.images($0).count))) }
        return [
            "photographs": .object(Dictionary(uniqueKeysWithValues: roles)),
            "animals_trained": .number(Double(split.trainedWhales.count)),
        ]
    }

    /// The unreadable photographs, which are left out.
    private static func broken(among catalog: Catalog, _ workspace: Workspace) throws -> Set<String> {
        let broken = try PhotographCheck.broken(among: catalog.photographs.map(catalog.file))
        for line in broken.map(\.description).firstLines { workspace.message("left out: \(line)") }
        guard !broken.isEmpty else { return [] }
        try workspace.write(
            broken.map { BrokenPhotograph(imageID: $0.photograph.id, problem: "\($0.error)") }, to: SplitFiles.broken)
        return Set(broken.map(\.photograph.id))
    }

    /// The scenarios: from the configuration's rules, else those that ship with the data, else like the competition's.
    private static func scenarios(
        of catalog: Catalog, split: Split, shipped: [Scenario]?, _ options: Options, _ workspace: Workspace
    ) throws -> [Scenario] {
        let builder = ScenarioBuilder(catalog, split: split, distractors: options.split.distractors(in: catalog))
        guard let rules = options.scenarios else { return shipped ?? builder.automatic() }
        let built = try builder.scenarios(by: rules)
        for note in built.notes { workspace.message(note.description) }
        return built.scenarios
    }
}
