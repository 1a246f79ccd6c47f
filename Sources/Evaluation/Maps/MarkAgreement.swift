import Basics

/// What the matches of two photographs show together: how many of them one movement of the animal explains, and whether
/// these lie on the animal or on what surrounds it.
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

    /// Judges the matches of a query and a database photograph.
    public init(_ matches: [MarkMatch]) {
        let sorted = matches.enumerated().sorted { one, other in
            (-one.element.similarity, one.offset) < (-other.element.similarity, other.offset)
        }.map(\.element)
        let explained = sorted.filter(\.isExplained)
        guard explained.count >= Self.fewest else {
            agreeing = []
            others = sorted
            middleShare = nil
            return
        }
        agreeing = explained
        others = sorted.filter { !$0.isExplained }
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

    private static func isInMiddle(_ place: MarkPlace) -> Bool {
        [place.x, place.y].allSatisfy { abs($0 - 0.5) <= middle / 2 + margin }
    }
}
