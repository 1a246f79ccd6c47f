import Basics
import Catalog
import Evaluation
import Foundation

/// `split`: the role of each photograph, and the scenarios.
public enum SplitFiles {
    public static let split = ResultFile(.split, "split.csv", read: Split.read, write: { try $0.write(to: $1) })
    public static let scenarios = ResultFile(
        .split, "scenarios.json", read: ScenarioSet.read, write: { try $0.write(to: $1) })
    public static let labels = ResultFile<Labels>(
        .split, "labels.csv", read: Labels.read, write: { try $0.write(to: $1) })
    /// The unreadable photographs that were left out.
    public static let broken = ResultFile<[BrokenPhotograph]>(.split, "broken.csv", rows: BrokenPhotograph.form)
}

/// `measure`: the measures of each photograph that need no network.
public enum MeasureFiles {
    public static let measures = ResultFile<[MeasuredPhotograph]>(
        .measure, "measures.csv", rows: MeasuredPhotograph.form)
}

/// `keypoints`: the marks of each photograph.
public enum KeypointFiles {
    /// A file of features, which `Matching` reads.
    public static let features = OpaqueFile(.keypoints, "keypoints.bin")
    public static let summary = ResultFile<KeypointSummary>(json: .keypoints, "keypoints.json")
}

/// `train`: a trained network.
public enum TrainFiles {
    /// A safetensors file, which only the worker opens.
    public static let weights = OpaqueFile(.train, "model.safetensors")
    public static let description = ResultFile<ModelDescription>(json: .train, "model.json")
    public static let history = ResultFile(history: .train, "history.csv")
}

/// `embed`: a vector of unit length for each photograph, and the photograph of each row.
public enum EmbedFiles {
    public static let embeddings = ResultFile(
        .embed, "embeddings.npy", read: NPYMatrix.read, write: { try $0.write(to: $1) })
    public static let photographs = ResultFile<[PhotographID]>(.embed, "embeddings.csv", rows: PhotographID.form)
    /// The embeddings by the network before training.
    public static let untrained = ResultFile(
        .embed, "untrained.npy", read: NPYMatrix.read, write: { try $0.write(to: $1) })
    public static let untrainedPhotographs = ResultFile<[PhotographID]>(
        .embed, "untrained.csv", rows: PhotographID.form)
}

/// `bridge`: the embeddings of every photograph, mapped to each view.
public enum AdapterFiles {
    public static let lateral = ResultFile(
        .bridge, "lateral.npy", read: NPYMatrix.read, write: { try $0.write(to: $1) })
    public static let top = ResultFile(.bridge, "top.npy", read: NPYMatrix.read, write: { try $0.write(to: $1) })
    public static let summary = ResultFile<AdapterSummary>(json: .bridge, "bridge.json")
}

/// `background`: what else than the animal a network recognises.
public enum BackgroundFiles {
    /// Queries ranked by photographs as they are, by the animals alone and by their backgrounds alone; empty if no
    /// photograph has an outline or a box.
    public static let rows = ResultFile<[BackgroundRow]>(.background, "background.csv", rows: BackgroundRow.form)
    public static let laterality = ResultFile<[LateralityRow]>(
        .background, "laterality.csv", rows: LateralityRow.form)
    public static let summary = ResultFile<BackgroundSummary>(json: .background, "background.json")
}

/// `search`: rankings by plain similarity, and what that similarity shows about names.
public enum SearchFiles {
    public static let neighbours = ResultFile(rankings: .search, "neighbors.csv")
    public static let ranks = ResultFile(ranks: .search, "ranks.csv")
    public static let novelty = ResultFile<[NoveltySample]>(.search, "novelty.csv", rows: NoveltySample.form)
    public static let suspects = ResultFile<[IdentitySuspect]>(
        .search, "suspects.csv", read: { try SuspectTable.read($0).map(\.suspect) }, write: SuspectTable.write)
    public static let suspectSummary = ResultFile<SuspectSummary>(json: .search, "suspects.json")
    /// How similar each photograph is to the others of its animal and view.
    public static let typical = ResultFile<[TypicalPhotograph]>(.search, "typical.csv", rows: TypicalPhotograph.form)
    /// Queries across views, if there is an adapter to assess.
    public static let acrossViews = ResultFile<[AdapterRow]>(.search, "bridge.csv", rows: AdapterRow.form)
}

/// `match`: how well the marks of photographs match, for every pair of a query and a database photograph.
public enum MatchFiles {
    /// A row of ``LocalScores`` for each pair, by scenario, query and database photograph.
    public static let scores = ResultFile(.match, "scores.npy", read: NPYMatrix.read, write: { try $0.write(to: $1) })
    /// The same for the validation photographs that calibrate the scores; missing if there are none.
    public static let calibration = ResultFile(
        .match, "calibration.npy", read: NPYMatrix.read, write: { try $0.write(to: $1) })
    public static let summary = ResultFile<MatchSummary>(json: .match, "match.json")
}

/// `fuse`: rankings by similarity and matched marks together, before query extension, by marks alone, and by the networks
/// before training.
public enum FuseFiles {
    public static let fusion = ResultFile<Fusion>(json: .fuse, "fusion.json")
    public static let neighbours = ResultFile(rankings: .fuse, "neighbors.csv")
    public static let ranks = ResultFile(ranks: .fuse, "ranks.csv")
    public static let localNeighbours = ResultFile(rankings: .fuse, "local.csv")
    public static let localRanks = ResultFile(ranks: .fuse, "local-ranks.csv")
    /// The rankings by the networks alone before training.
    public static let untrainedNeighbours = ResultFile(rankings: .fuse, "untrained.csv")
    public static let untrainedRanks = ResultFile(ranks: .fuse, "untrained-ranks.csv")
    /// How many marks match in each query's first match.
    public static let firstMatches = ResultFile<[FirstMatch]>(.fuse, "first-matches.csv", rows: FirstMatch.form)
}

/// `expand`: rankings after query extension, database augmentation and re-ranking.
public enum ExpandFiles {
    public static let neighbours = ResultFile(rankings: .expand, "neighbors.csv")
    public static let ranks = ResultFile(ranks: .expand, "ranks.csv")
    /// The rankings by the network before training.
    public static let untrainedNeighbours = ResultFile(rankings: .expand, "untrained.csv")
    public static let untrainedRanks = ResultFile(ranks: .expand, "untrained-ranks.csv")
    /// The rankings by each model of an ensemble alone.
    public static let modelNeighbours = ResultFile(modelRankings: .expand, "members.csv")
}

/// `evaluate`: the measures.
public enum EvaluateFiles {
    public static let evaluation = ResultFile<EvaluationResult>(json: .evaluate, "evaluation.json")
    public static let queries = ResultFile<[QueryRow]>(.evaluate, "queries.csv", rows: QueryRow.form)
    public static let submission = ResultFile<Submission>(
        .evaluate, "submission.csv", read: Submission.read, write: { try $0.write(to: $1) })
    public static let calibration = ResultFile<Novelty>(json: .evaluate, "calibration.json")
    public static let causes = ResultFile<[CauseRow]>(.evaluate, "causes.csv", rows: CauseRow.form)
    /// The pairs of the measures' causes, alone: what compares their photographs need not depend on any other number.
    public static let confusedPairs = ResultFile<ConfusedPairs>(json: .evaluate, "confused-pairs.json")
}

/// `sweep`: query extension with several neighbours and alphas.
public enum SweepFiles {
    public static let choices = ResultFile(sweep: .sweep, "sweep.csv")
    public static let summary = ResultFile<SweepSummary>(json: .sweep, "sweep.json")
}

/// `explain`: heat maps.
public enum ExplainFiles {
    public static let pairs = ResultFile<[ExplainedPair]>(.explain, "pairs.csv", rows: ExplainedPair.form)
    public static let heatMaps = ResultFile<[HeatMapRow]>(.explain, "heat-maps.csv", rows: HeatMapRow.form)
    /// The matched marks of each pair, if marks are matched.
    public static let matches = ResultFile<[MatchedMark]>(.explain, "matches.csv", rows: MatchedMark.form)
    /// For comparison, the matched marks of a usual correct first match, and of the photographs of one view of each
    /// confused pair whose marks agree most, if marks are matched.
    public static let compared = ResultFile<[MatchedMark]>(.explain, "compared.csv", rows: MatchedMark.form)
    public static let summary = ResultFile<ExplainSummary>(json: .explain, "explain.json")
}

/// `reduce`: maps of the embeddings in the plane.
public enum ReduceFiles {
    public static let map = ResultFile<EmbeddingMap>(
        .reduce, "embedding-map.csv", read: { EmbeddingMap(rows: try EmbeddingMap.Row.form.read($0, madeBy: .reduce)) },
        write: { try EmbeddingMap.Row.form.write($0.rows, to: $1) })
    public static let summary = ResultFile<ReduceSummary>(json: .reduce, "reduce.json")
}
