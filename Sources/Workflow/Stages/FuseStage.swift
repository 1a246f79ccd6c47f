import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Marks
import Results
import Retrieval

/// Joins the ensemble's similarity with matched marks: fits the curves on the validation photographs, and ranks by both,
/// by marks alone, and by the networks before training.
struct FuseStage: Stage {
    struct Inputs: StageInputs {
        let questions: QuestionInput
        let ensemble: TrainedEnsembleInput
        let local: LocalScoreInput
        let features: Input<Data>
        let catalog: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            questions = QuestionInput(&declare)
            ensemble = TrainedEnsembleInput(&declare)
            local = LocalScoreInput(&declare)
            features = declare(KeypointFiles.features)
            catalog = declare.catalog()
        }
    }

    struct Options: StageOptions {
        let match: MatchSettings
        let expand: [ExpansionSettings]
        let k: Int
        let ensemble: EnsembleOptions
        let trained: Set<String>

        init(_ declare: inout DeclaredOptions) {
            match = declare(\.match, \.$kind, \.$verify, \.$calibration)
            expand = declare(\.$expand)
            k = declare(\.search.$k)
            _ = declare(\.search.$join)
            ensemble = EnsembleOptions(&declare)
            trained = declare.trainedMembers()
        }
    }

    let name = StageName.fuse
    let version = 5
    let outputs = [
        FuseFiles.fusion.name, FuseFiles.neighbours.name, FuseFiles.ranks.name, FuseFiles.localNeighbours.name,
        FuseFiles.localRanks.name, FuseFiles.firstMatches.name,
    ]
    let optionalOutputs = [FuseFiles.untrainedNeighbours.name, FuseFiles.untrainedRanks.name]

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let asked = try AskedCatalog(inputs.questions, inputs.catalog.catalog())
        let embeddings = try inputs.ensemble.trained.embeddings(options.ensemble)
        let before = try inputs.ensemble.embeddingsBeforeTraining(options.ensemble, trained: options.trained)
        let fusion = try fusion(inputs, options, workspace, embeddings, before, asked)
        if let absence = fusion.absence {
            workspace.message("marks and networks are not joined, and the networks alone rank: \(absence)")
        }
        try workspace.write(fusion, to: FuseFiles.fusion)
        let local = try inputs.local.scores(of: asked.scenarios)
        let (rankings, ranks) = try asked.rankings(
            embeddings, from: EmbedFiles.embeddings.name, .plain, by: fusion, local, steps: [], count: options.k,
            progress: workspace.progress)
        try workspace.write(rankings, to: FuseFiles.neighbours)
        try workspace.write(ranks, to: FuseFiles.ranks)
        let marks = try MarkedPhotographs(inputs.features.place())
        try workspace.write(asked.firstMatches(rankings, marks), to: FuseFiles.firstMatches)
        let (alone, ranksAlone) = try asked.rankings(count: options.k, progress: workspace.progress) { scenario in
            { range in range.map { number in local.row(scenario, number).map { fusion.localScore($0) } } }
        }
        try workspace.write(alone, to: FuseFiles.localNeighbours)
        try workspace.write(ranksAlone, to: FuseFiles.localRanks)
        if let before {
            let (untrained, ranks) = try asked.rankings(
                in: before, from: EmbedFiles.untrained.name, by: SearchPlan(), count: options.k,
                progress: workspace.progress)
            try workspace.write(untrained, to: FuseFiles.untrainedNeighbours)
            try workspace.write(ranks, to: FuseFiles.untrainedRanks)
        }
        return ["parts": .array(fusion.parts.map { .string($0.rawValue) })]
    }

    /// The curves and the choice of scores, from the validation photographs alone.
    private func fusion(
        _ inputs: Inputs, _ options: Options, _ workspace: Workspace, _ embeddings: LabelledEmbeddings,
        _ before: LabelledEmbeddings?, _ asked: AskedCatalog
    ) throws -> Fusion {
        guard workspace.node.fold != nil else {
            return Fusion(
                absence: "the models of all folds are one ensemble, so each validation photograph trained one of them")
        }
        let split = try inputs.questions.split.first()
        guard let validation = try Scenario.validation(asked.catalog, split), inputs.local.hasCalibration else {
            return Fusion(absence: "no validation photograph has a right match")
        }
        let local = try inputs.local.calibration(of: validation)
        let steps = try SearchPlan(options.expand).steps
        let rows = EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name)
        var sets: [Fusion.Embeddings: ScenarioCosines] = [
            .plain: try ScenarioCosines(validation, rows),
            .expanded: try ScenarioCosines(validation, rows, steps: steps),
        ]
        if let before {
            sets[.untrained] = try ScenarioCosines(
                validation, EmbeddingRows(before, path: EmbedFiles.untrained.name), steps: steps)
        }
        let cosines = try sets.mapValues { try $0.rows(validation.queries.indices) }
        let pairs = PhotographPairs(validation)
        let queries = validation.queries.enumerated().compactMap { number, query -> Fusion.Query? in
            guard let whale = asked.whales[query.imageID] else { return nil }
            let encounter = asked.catalog[query.imageID]?.encounterID
            let others = pairs.database.indices.filter { place in
                let other = asked.catalog[pairs.database[place]]
                return place != pairs.own[number] && asked.whales[pairs.database[place]] != nil
                    && (encounter == nil || other?.encounterID != encounter)
            }
            let scores = local.row(validation, number)
            return Fusion.Query(
                cosines: cosines.mapValues { all in others.map { all[number][$0] } }, local: others.map { scores[$0] },
                isSame: others.map { asked.whales[pairs.database[$0]] == whale })
        }
        return Fusion(queries, by: options.match.calibration.kind, geometry: options.match.verify.choice)
    }
}

/// The scores of matched marks, if marks are matched.
struct LocalScoreInput: StageInputs {
    private let scores: Input<NPYMatrix>
    private let calibration: Input<NPYMatrix>

    init(_ declare: inout DeclaredInputs) {
        scores = declare(MatchFiles.scores)
        calibration = declare(MatchFiles.calibration)
    }

    var hasCalibration: Bool { calibration.isPresent }

    func scores(of scenarios: [Scenario]) throws -> LocalScores {
        try LocalScores(scores.first(), of: scenarios, path: scores.place().path)
    }

    func calibration(of validation: Scenario) throws -> LocalScores {
        try LocalScores(calibration.first(), of: [validation], path: calibration.place().path)
    }
}

extension AskedCatalog {
    /// The first match of every query, with the matched marks that agree.
    fileprivate func firstMatches(_ rankings: Rankings, _ marks: MarkedPhotographs) throws -> [FirstMatch] {
        let search = try LocalSearch(marks, marks, MatchSettings())
        return try rankings.queries.compactMap { query in
            guard let first = query.answers.first else { return nil }
            let matches = try search.matches(of: query.imageID, with: first.imageID, count: MatchedMark.limit)
            return FirstMatch(
                scenario: query.scenario, queryID: query.id, imageID: first.imageID,
                agreeing: MarkAgreement(matches).agreeing.count, isCorrect: first.isRelevant)
        }
    }

    /// Ranks all scenarios by cosines and matched marks together, or by the cosines alone if nothing was fitted.
    ///
    /// Messages name the `file` of the embeddings; `kind` says which these are.
    func rankings(
        _ embeddings: LabelledEmbeddings, from file: String, _ kind: Fusion.Embeddings, by fusion: Fusion,
        _ local: LocalScores, steps: [ExpansionStep], count: Int, progress: (RunProgress) -> Void
    ) throws -> (Rankings, RightRanks) {
        guard fusion.absence == nil else {
            return try rankings(
                in: embeddings, from: file, by: SearchPlan(steps: steps), count: count, progress: progress)
        }
        let rows = EmbeddingRows(embeddings, path: file)
        return try rankings(count: count, progress: progress) { scenario in
            let cosines = try ScenarioCosines(scenario, rows, steps: steps)
            return { range in
                try zip(range, cosines.rows(range)).map { number, cosines in
                    zip(cosines, local.row(scenario, number)).map {
                        Float(fusion.score(fusion.parts, cosine: $0, of: kind, local: $1))
                    }
                }
            }
        }
    }
}

extension Fusion {
    /// The score by marks alone; LNBNN's if nothing was fitted.
    func localScore(_ pair: LocalScore) -> Float {
        localParts.isEmpty ? pair.marks : Float(score(localParts, cosine: 0, of: .plain, local: pair))
    }
}

extension MatchSettings.Calibration {
    fileprivate var kind: ScoreCalibration.Kind {
        switch self {
        case .isotonic: .isotonic
        case .logistic: .logistic
        }
    }
}

extension MatchSettings.Verify {
    /// Whether matches must agree on a map; nil to choose.
    fileprivate var choice: Bool? {
        switch self {
        case .auto: nil
        case .on: true
        case .off: false
        }
    }
}
