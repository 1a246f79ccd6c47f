import Basics

/// Whether the similarity ranks well enough to question names: `suspects.json`.
///
/// Each photograph is a query against the photographs of all other encounters. Photographs that trained a model would
/// flatter it, so they are left out if there are enough others.
public struct RankingQuality: Sendable, Equatable {
    /// The number of queries: photographs whose animal has another one from another encounter.
    public let asked: Int
    /// Whether they include photographs that trained a model.
    public let includesTrained: Bool
    /// The share whose nearest photograph shows the same animal; 0 without queries.
    public let top1: Double
    /// The share that a random ranking would reach.
    public let chance: Double
    /// The queries of each view, by its name.
    public let views: [String: View]

    /// The queries of one view.
    public struct View: Sendable, Equatable, Codable {
        public let asked: Int
        /// The share whose nearest photograph, of any view, shows the same animal.
        public let top1: Double

        /// Counts queries.
        public init(asked: Int, top1: Double) {
            self.asked = asked
            self.top1 = top1
        }
    }

    /// The minimum number of queries.
    static let fewest = 20
    /// The minimum share of the way from chance to 100%.
    static let advance = 0.2

    /// Counts first matches; `trained` are the photographs that trained a model.
    ///
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
        views = Dictionary(grouping: used) { related.photographs[$0.position].viewpoint }.mapValues { own in
            View(asked: own.count, top1: Double(own.count { $0.isRight }) / Double(own.count))
        }
    }

    /// The minimum ``top1``: 20% at a chance near 0, 60% at a chance of one half.
    public var needed: Double { chance + Self.advance * (1 - chance) }

    /// Why no name is questioned; nil if names can be.
    public var reason: String? {
        if asked < Self.fewest {
            return "only \(NumberText.counted(asked, "photograph has", "photographs have")) another one of the same "
                + "animal from another encounter; at least \(Self.fewest) are needed"
        }
        guard top1 < needed else { return nil }
        return "the ranking finds the same animal first for \(NumberText.percent(top1, 0)) of photographs; at least "
            + "\(NumberText.percent(needed, 0)) is needed"
    }
}

extension RelatedPhotographs {
    /// For each photograph with a right one in another encounter: whether the nearest is right, and the share of the
    /// other encounters' photographs that are right.
    fileprivate func firstAnswers() -> [(position: Int, isRight: Bool, chance: Double)] {
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        let byWhale = Dictionary(grouping: photographs, by: \.whaleID).mapValues(\.count)
        let byEncounter = Dictionary(grouping: photographs.filter { $0.encounterID != nil }, by: \.encounterID)
        return photographs.indices.compactMap { position in
            let photograph = photographs[position]
            guard let own = number[photograph.whaleID], let near = nearest[position][own] else { return nil }
            // A photograph without an encounter leaves out only itself.
            let family = photograph.encounterID.flatMap { byEncounter[$0] } ?? [photograph]
            let right = (byWhale[photograph.whaleID] ?? 0) - family.count { $0.whaleID == photograph.whaleID }
            let isRight = nearest[position].enumerated().allSatisfy { animal, other in
                animal == own || (other?.score ?? -.infinity) < near.score
            }
            return (position, isRight, Double(right) / Double(photographs.count - family.count))
        }
    }
}
