import Basics
import Catalog
import Jobs

/// Trains what leads from top views to flanks and back, for one model's embeddings, in the worker.
///
/// It is there only where the configuration asks for a bridge. It learns from the animals of the training alone.
struct BridgeStage: Stage {
    static let lateral = BridgeJob.lateral
    static let top = BridgeJob.top
    static let summary = "bridge.json"

    let name = StageName.bridge
    let version = 1
    let options = [
        "bridge.kind", "bridge.hidden", "bridge.steps", "bridge.learning-rate", "bridge.weight-decay",
        "bridge.temperature", "bridge.animals",
    ]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile], .embed: [EmbedStage.embeddings, EmbedStage.embeddingIDs],
    ]
    let data: Set<DataPart> = [.metadata]
    let outputs = [summary]
    let optionalOutputs = [lateral, top]
    let usesBackend = true

    func perform(_ context: StageContext) async throws -> JSONValue {
        let settings = context.configuration.bridge
        let embeddings = try context.input(.embed, EmbedStage.embeddings)
        let animals = Self.animals(
            seenFromBothSides: try context.configuration.resolvedData.catalog(),
            split: try Split.read(context.input(.split, SplitStage.splitFile)),
            ids: try LabelledEmbeddings.ids(context.input(.embed, EmbedStage.embeddingIDs)))
        var facts: [String: JSONValue] = [
            "animals": .number(Double(animals.count)),
            "photographs": .number(Double(animals.reduce(0) { $0 + $1.top.count + $1.lateral.count })),
        ]
        if animals.count < settings.animals {
            let seen = animals.count == 1 ? "animal of the training is" : "animals of the training are"
            let reason = "\(animals.count) \(seen) seen from the top and from the side, of \(settings.animals) wanted"
            context.message("no bridge: \(reason). Add photographs, or lower bridge.animals.")
            facts["absence"] = .string(reason)
        } else {
            let job = BridgeJob(
                embeddings: embeddings.path, animals: animals, settings: settings, seed: context.node.seed ?? 0,
                output: context.folder.path)
            facts.merge(try await context.run(.bridge(job)).object ?? [:]) { $1 }
        }
        try AtomicFile.write(JSONValue.object(facts).text, to: context.output(Self.summary))
        return .object(facts)
    }

    /// The rows of each animal of the training that it has both from the top and from the side.
    ///
    /// - Parameter ids: The image_id of each row of the embeddings.
    static func animals(seenFromBothSides catalog: Catalog, split: Split, ids: [String]) -> [BridgeJob.Animal] {
        let row = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
        let training = split.rows.filter { $0.role == .train && !$0.whaleID.isEmpty }
        return Dictionary(grouping: training, by: \.whaleID).sorted { $0.key < $1.key }.compactMap { _, own in
            func rows(_ isWanted: (Viewpoint) -> Bool) -> [Int] {
                own.filter { catalog[$0.imageID].map { isWanted($0.viewpoint) } == true }.compactMap { row[$0.imageID] }
            }
            let animal = BridgeJob.Animal(top: rows { $0 == .top }, lateral: rows(\.isLateral))
            return animal.top.isEmpty || animal.lateral.isEmpty ? nil : animal
        }
    }
}
