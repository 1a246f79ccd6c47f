import Basics

/// Where a photograph shows what makes a network find it and another one similar: a row of `heat-maps.csv`.
public struct HeatMapRow: Sendable, Equatable {
    /// The photograph under the map.
    public let imageID: String
    /// The photograph that it is compared with.
    public let partnerImageID: String
    /// The cosine of the network's embeddings of both photographs.
    public let similarity: Double
    /// The map, over the part of the photograph that the network sees.
    public let map: HeatMap
    /// The heat on the animal; nil if nothing says where in this part the animal is, or if there is no heat.
    public let animal: Animal?

    /// How much of the heat lies on the animal.
    public struct Animal: Sendable, Equatable {
        /// The share of the heat that lies on it.
        public let heat: Double
        /// The share of the network's input that shows it, which is the share of heat that chance would bring.
        public let area: Double

        /// Creates shares, both in 0...1.
        public init(heat: Double, area: Double) {
            self.heat = heat
            self.area = area
        }
    }

    /// Creates a row.
    public init(imageID: String, partnerImageID: String, similarity: Double, map: HeatMap, animal: Animal? = nil) {
        self.imageID = imageID
        self.partnerImageID = partnerImageID
        self.similarity = similarity
        self.map = map
        self.animal = animal
    }
}

extension HeatMap {
    /// The smallest share of the places that has half of the heat; nil if there is no heat.
    public var halfShare: Double? {
        let whole = values.reduce(0, +)
        guard whole > 0 else { return nil }
        var sum = 0.0
        var places = 0.0
        for value in values.sorted(by: >) {
            // The place that passes the half counts in part.
            if sum + value >= whole / 2 { return (places + (whole / 2 - sum) / value) / Double(values.count) }
            sum += value
            places += 1
        }
        return 1
    }

    /// The centre of the heat, in thirds of the picture, such as `upper left`; nil if there is no heat.
    public var centre: String? {
        let whole = values.reduce(0, +)
        guard whole > 0 else { return nil }
        var (x, y) = (0.0, 0.0)
        for (index, value) in values.enumerated() {
            x += value * (Double(index % width) + 0.5) / Double(width)
            y += value * (Double(index / width) + 0.5) / Double(height)
        }
        func third(_ share: Double, _ names: [String]) -> String { names[min(2, Int(share / whole * 3))] }
        let words = [third(y, ["upper", "", "lower"]), third(x, ["left", "", "right"])].filter { !$0.isEmpty }
        return words.isEmpty ? "centre" : words.joined(separator: " ")
    }
}

/// A query and a match whose similarity is explained: a row of `pairs.csv`.
public struct ExplainedPair: Sendable, Equatable {
    /// Whether the match is right.
    public enum Kind: String, Sendable, CaseIterable {
        /// The first photograph of another animal.
        case wrong
        /// The first photograph of the query's own animal.
        case right
    }

    public let scenario: String
    public let queryID: String
    public let queryImageID: String
    public let kind: Kind
    /// From 1, in the ranking of the whole database.
    public let rank: Int
    public let imageID: String

    /// Creates a pair.
    public init(scenario: String, queryID: String, queryImageID: String, kind: Kind, rank: Int, imageID: String) {
        self.scenario = scenario
        self.queryID = queryID
        self.queryImageID = queryImageID
        self.kind = kind
        self.rank = rank
        self.imageID = imageID
    }

    /// The first wrong and the first right match of each query, if it has one.
    ///
    /// `ranks` are those of right photographs in the whole database: the first may be beyond all that was returned.
    public static func pairs(of queries: [QueryRow], ranking: Rankings, ranks: RightRanks) -> [ExplainedPair] {
        let answers = Dictionary(ranking.queries.map { ($0.id, $0.answers) }) { first, _ in first }
        let right = ranks.byQuery
        return queries.flatMap { query -> [ExplainedPair] in
            func pair(_ kind: Kind, _ rank: Int, _ imageID: String) -> ExplainedPair {
                ExplainedPair(
                    scenario: query.scenario, queryID: query.id, queryImageID: query.imageID, kind: kind, rank: rank,
                    imageID: imageID)
            }
            let returned = answers[query.id] ?? []
            let wrong = returned.firstIndex { $0.isRelevant != true }
            return [
                wrong.map { pair(.wrong, $0 + 1, returned[$0].imageID) },
                right[query.id]?.first.map { pair(.right, $0.rank, $0.imageID) },
            ].compactMap(\.self)
        }
    }
}
