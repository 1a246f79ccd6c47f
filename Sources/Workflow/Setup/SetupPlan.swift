import Basics
import Catalog
import Configuration
import Imaging
import Results

/// The split, the scenarios and the training that suit a folder, so that the next command works.
struct SetupPlan {
    /// The section `split`, tried on the catalogue.
    let split: SplitSettings
    /// Whether scenarios need a rule, because the automatic ones have no queries here.
    let needsRule: Bool
    let scenarios: [Scenario]
    /// Whether the folder has enough animals to train on.
    let trains: Bool
    let fit: Fit

    /// Whether the split keeps encounters whole, or why it does not.
    enum Grouping { case byEncounter, tooFewEncounters, noEncounters, given }
    let grouping: Grouping

    /// The fewest animals with two photographs; with fewer, a network learns the photographs and not the animals.
    static let fewestAnimals = 30
    /// The ratios of sides at which a picture is stretched to a square.
    private static let nearSquare = 0.87...1.15

    /// The most pairs of photographs whose marks are all matched: a few minutes on two cores.
    static let mostPairs = 2_000_000
    /// The photographs of a query that are matched if there are more.
    static let shortlist = 300

    /// The rule that makes each test photograph a query against all others.
    static let rule = ScenarioRule(name: "all-all")

    /// Tries splits from the strictest to the most lenient, and chooses the first with answerable queries.
    ///
    /// - Throws: ``SetupError/nothingToAsk(_:)``.
    init(_ survey: FolderSurvey, trains wanted: Bool) throws {
        trains = wanted && survey.comparable >= Self.fewestAnimals
        let isNearSquare = survey.aspect.map(Self.nearSquare.contains) ?? true
        fit = isNearSquare || survey.withBox > 0 ? .stretch : .letterbox
        let hasEncounters = survey.withEncounter == survey.named
        // Without training, more animals can be queries, because none was seen.
        let unseen = trains ? 0.25 : 0.5
        let unknown: SplitSettings.Unknown = survey.named < survey.photographs.count ? .leaveOut : .refuse
        let kinds: [SplitSettings.Kind] =
            (survey.hasSplit ? [.column] : []) + (hasEncounters ? [.encounter, .image] : [.image])
        for kind in kinds {
            for isRule in [false, true] {
                for folds in [5, 2] {
                    let settings = SplitSettings(kind: kind, folds: folds) {
                        if kind != .column { $0.unseen = unseen }
                        $0.unknown = unknown
                    }
                    guard let scenarios = Self.scenarios(survey, settings, isRule: isRule) else { continue }
                    split = settings
                    grouping =
                        kind == .column
                        ? .given
                        : kind == .encounter ? .byEncounter : hasEncounters ? .tooFewEncounters : .noEncounters
                    needsRule = isRule
                    self.scenarios = scenarios
                    return
                }
            }
        }
        throw SetupError.nothingToAsk(survey.catalog.directory.path)
    }

    /// The scenarios of a split; nil if the split is impossible or no query is answerable.
    private static func scenarios(_ survey: FolderSurvey, _ settings: SplitSettings, isRule: Bool) -> [Scenario]? {
        let shipped = survey.hasScenarios ? try? ScenarioFiles.read(survey.catalog) : nil
        let reserved = shipped.map { Set($0.flatMap { $0.queries.map(\.imageID) + $0.database }) }
        guard let split = try? settings.split(survey.catalog, fold: 0, reserved: reserved, seed: SplitStage.seed) else {
            return nil
        }
        let builder = ScenarioBuilder(survey.catalog, split: split)
        let scenarios = shipped ?? (isRule ? try? builder.scenarios(by: [rule]).scenarios : builder.automatic())
        guard let scenarios, !(isRule && shipped != nil) else { return nil }
        let isAnswerable = scenarios.contains { scenario in
            scenario.answers(in: survey.catalog).contains { !$0.answers.isEmpty }
        }
        return isAnswerable ? scenarios : nil
    }
}

/// The reason that no configuration can be written.
public enum SetupError: Error, Equatable, CustomStringConvertible {
    case nothingToAsk(String)
    /// Neither published weights nor a training.
    case nothingLearnt

    public var description: String {
        switch self {
        case .nothingToAsk(let path):
            """
            No animal in \(path) has two photographs to compare, so there is nothing to rank. Put each animal's \
            photographs into a folder of its name, or name the animals in the metadata.
            """
        case .nothingLearnt:
            """
            Nothing would be trained, and random weights cannot distinguish animals. Name a published network's \
            weights with --weights: a safetensors file, or hf-hub:timm/NAME.
            """
        }
    }
}
