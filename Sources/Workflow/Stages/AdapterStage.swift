import Basics
import Catalog
import Configuration
import Foundation
import Jobs
import Results

/// Trains an adapter from top views to flanks and one for the way back, for one model's embeddings, in the worker.
///
/// It runs only if it is configured, and learns only from training animals.
struct AdapterStage: Stage {
    struct Inputs: StageInputs {
        let split: Input<Split>
        let embeddings: Input<NPYMatrix>
        let photographs: Input<[PhotographID]>
        let catalog: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            split = declare(SplitFiles.split)
            embeddings = declare(EmbedFiles.embeddings)
            photographs = declare(EmbedFiles.photographs)
            catalog = declare.catalog()
        }
    }

    struct Options: StageOptions {
        let bridge: AdapterSettings

        init(_ declare: inout DeclaredOptions) {
            bridge = declare(
                \.bridge, \.$kind, \.$hidden, \.$steps, \.$learningRate, \.$weightDecay, \.$temperature, \.$animals)
        }
    }

    let name = StageName.bridge
    let version = 2
    let outputs = [AdapterFiles.summary.name]
    let optionalOutputs = [AdapterFiles.lateral.name, AdapterFiles.top.name]
    let usesBackend = true

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let settings = options.bridge
        let animals = Self.animals(
            seenFromBothSides: try inputs.catalog.catalog(), split: try inputs.split.first(),
            ids: try inputs.photographs.first().map(\.imageID))
        var summary = AdapterSummary(
            animals: animals.count, photographs: animals.reduce(0) { $0 + $1.top.count + $1.lateral.count })
        if animals.count < settings.animals {
            let seen = animals.count == 1 ? "training animal is" : "training animals are"
            let reason = "\(animals.count) \(seen) seen from the top and from the side, \(settings.animals) are needed"
            workspace.message("no bridge: \(reason). Add photographs, or lower bridge.animals.")
            summary.absence = reason
        } else {
            let job = AdapterJob(
                embeddings: try inputs.embeddings.place().path, animals: animals, settings: settings,
                seed: workspace.seed, output: workspace.folder.path)
            summary.loss = try await workspace.run(.bridge(job)).decoded(as: AdapterJob.Facts.self).loss
        }
        try workspace.write(summary, to: AdapterFiles.summary)
        return try JSONValue(encoding: summary)
    }

    /// The rows of each training animal that has photographs from both the top and the side; row i belongs to the
    /// photograph `ids[i]`.
    static func animals(seenFromBothSides catalog: Catalog, split: Split, ids: [String]) -> [AdapterJob.Animal] {
        let row = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
        let training = split.rows.filter { $0.role == .train && !$0.whaleID.isEmpty }
        return Dictionary(grouping: training, by: \.whaleID).sorted { $0.key < $1.key }.compactMap { _, own in
            func rows(_ isWanted: (Viewpoint) -> Bool) -> [Int] {
                own.filter { catalog[$0.imageID].map { isWanted($0.viewpoint) } == true }.compactMap { row[$0.imageID] }
            }
            let animal = AdapterJob.Animal(top: rows { $0 == .top }, lateral: rows(\.isLateral))
            return animal.top.isEmpty || animal.lateral.isEmpty ? nil : animal
        }
    }
}
