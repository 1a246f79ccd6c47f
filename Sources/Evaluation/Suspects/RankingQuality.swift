import Basics

/// Whether the similarity ranks well enough to doubt names by it: `suspects.json`.
///
/// A photograph asks for its animal among the photographs of all other encounters. Photographs that trained a model would
/// flatter it, so they are left out where enough others ask.
public struct RankingQuality: Sendable, Equatable {
    /// Photographs whose animal has another one from another encounter, and that were asked.
    public let asked: Int
    /// Whether photographs that trained a model are among them.
    public let includesTrained: Bool
    /// The share of them whose nearest photograph shows the same animal; 0 where none was asked.
    public let top1: Double
    /// The share that a ranking by lot would reach.
    public let chance: Double

    /// The fewest photographs that are judged by.
    static let fewest = 20
    /// How much of the way from chance to always the share must have gone.
    static let advance = 0.2

    /// Counts first answers.
    ///
    /// - Parameter trained: The photographs that trained a model.
    /// - Complexity: O(photographs · animals).
    public init(_ related: RelatedPhotographs, trained: Set<String>) {
        let answers = related.firstAnswers()
        let untrained = answers.filter { !trained.contains(related.photographs[$0.position].id) }
        let used = untrained.count >= Self.fewest ? untrained : answers
        let count = Double(max(used.count, 1))
        asked = used.count
        includesTrained = used.count > untrained.count
        top1 = Double(used.count { $0.isRight }) / count
        chance = used.reduce(0) { $0 + $1.chance } / count
    }

    /// The least ``top1``: at a chance near 0 it is 20%, at a chance of one half 60%.
    public var needed: Double { chance + Self.advance * (1 - chance) }

    /// Why no name is doubted; nil where names can be.
    public var reason: String? {
        if asked < Self.fewest {
            return "\(NumberText.counted(asked, "photograph has", "photographs have")) another one of the same animal "
                + "from another encounter; at least \(Self.fewest) are needed"
        }
        guard top1 < needed else { return nil }
        return "the ranking finds the same animal first for \(NumberText.percent(top1, 0)) of photographs; at least "
            + "\(NumberText.percent(needed, 0)) is needed"
    }
}

extension RelatedPhotographs {
    /// Whether the nearest photograph of another encounter shows the same animal, of each photograph that could be answered
    /// so, and the share of the other encounters' photographs that would be right.
    fileprivate func firstAnswers() -> [(position: Int, isRight: Bool, chance: Double)] {
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        let byWhale = Dictionary(grouping: photographs, by: \.whaleID).mapValues(\.count)
        let byEncounter = Dictionary(grouping: photographs.filter { $0.encounterID != nil }, by: \.encounterID)
        return photographs.indices.compactMap { position in
            let photograph = photographs[position]
            guard let own = number[photograph.whaleID], let near = nearest[position][own] else { return nil }
            // A photograph of no encounter leaves out only itself.
            let family = photograph.encounterID.flatMap { byEncounter[$0] } ?? [photograph]
            let right = (byWhale[photograph.whaleID] ?? 0) - family.count { $0.whaleID == photograph.whaleID }
            let isRight = nearest[position].enumerated().allSatisfy { animal, other in
                animal == own || (other?.score ?? -.infinity) < near.score
            }
            return (position, isRight, Double(right) / Double(photographs.count - family.count))
        }
    }
}
