import Basics

/// What the matches of two photographs show together: how many of them one movement of the animal explains, and whether
/// these lie on the animal or on what surrounds it.
///
/// One spot can have several marks, which differ in direction only. Matches between the same two places count once.
public struct MarkAgreement: Sendable, Equatable {
    /// The matches that agree, the most similar first.
    public let agreeing: [MarkMatch]
    /// All others, the most similar first.
    public let others: [MarkMatch]
    /// The share of ``agreeing`` that lies in the middle of both photographs; nil if none agree.
    public let middleShare: Double?

    /// The fewest matches that can agree: any three have a movement that explains them.
    public static let fewest = 4
    /// The share of the width and of the height that is the middle.
    public static let middle = 0.6
    /// Marks lie up to half a pixel beyond the part that was searched; this is one pixel of a small photograph.
    private static let margin = 1.0 / 256
    /// Marks closer than this are at one place: less than a pixel of most photographs.
    private static let samePlace = 1.0 / 512

    /// Judges the matches of a query and a database photograph.
    public init(_ matches: [MarkMatch]) {
        let places = Self.places(
            Self.bySimilarity(matches.filter(\.isExplained)) + Self.bySimilarity(matches.filter { !$0.isExplained }))
        let explained = places.filter(\.isExplained)
        guard explained.count >= Self.fewest else {
            agreeing = []
            others = Self.bySimilarity(places)
            middleShare = nil
            return
        }
        agreeing = explained
        others = places.filter { !$0.isExplained }
        let inside = explained.count { Self.isInMiddle($0.query) && Self.isInMiddle($0.database) }
        middleShare = Double(inside) / Double(explained.count)
    }

    /// All matches.
    public var count: Int { agreeing.count + others.count }

    /// The finding as a clause, such as "7 of 31 matches agree on one movement".
    public var finding: String {
        let all = NumberText.counted(count, "match", "matches")
        guard count > 0 else { return "no marks match" }
        guard !agreeing.isEmpty else { return "no matches agree (\(all))" }
        let total = count < MatchedMark.limit ? all : "at least \(all)"
        return "\(NumberText.thousands(Double(agreeing.count))) of \(total) agree on one movement"
    }

    private static func bySimilarity(_ matches: [MarkMatch]) -> [MarkMatch] {
        matches.enumerated().sorted { one, other in
            (-one.element.similarity, one.offset) < (-other.element.similarity, other.offset)
        }.map(\.element)
    }

    /// The first of the matches between the same places.
    private static func places(_ matches: [MarkMatch]) -> [MarkMatch] {
        matches.reduce(into: []) { kept, match in
            if !kept.contains(where: { areAtOnePlace($0, match) }) { kept.append(match) }
        }
    }

    private static func areAtOnePlace(_ one: MarkMatch, _ other: MarkMatch) -> Bool {
        [(one.query, other.query), (one.database, other.database)].allSatisfy {
            abs($0.x - $1.x) < samePlace && abs($0.y - $1.y) < samePlace
        }
    }

    private static func isInMiddle(_ place: MarkPlace) -> Bool {
        [place.x, place.y].allSatisfy { abs($0 - 0.5) <= middle / 2 + margin }
    }
}
