import Basics

/// Two animals that are taken for each other, both ways.
public struct LookAlike: Sendable, Equatable {
    /// Misses of one animal whose first answer is the other.
    public struct Direction: Sendable, Equatable {
        public let count: Int
        /// The photographs of one such miss.
        public let queryImageID: String
        public let answerImageID: String
    }

    public let whaleID: String
    public let otherWhaleID: String
    /// Queries of the first that are answered by the other.
    public let there: Direction
    /// Queries of the other that are answered by the first.
    public let back: Direction

    /// An element of `causes.look_alikes` in `evaluation.json`.
    var json: JSONValue {
        func direction(_ direction: Direction) -> JSONValue {
            [
                "count": .number(Double(direction.count)), "query_image_id": .string(direction.queryImageID),
                "database_image_id": .string(direction.answerImageID),
            ]
        }
        return [
            "whale_id": .string(whaleID), "other_whale_id": .string(otherWhaleID), "there": direction(there),
            "back": direction(back),
        ]
    }

    /// Reads ``json`` back; nil where a part is missing.
    public init?(_ json: JSONValue) {
        func direction(_ key: String) -> Direction? {
            guard let count = json[path: key + ".count"]?.integer,
                let query = json[path: key + ".query_image_id"]?.string,
                let answer = json[path: key + ".database_image_id"]?.string
            else { return nil }
            return Direction(count: count, queryImageID: query, answerImageID: answer)
        }
        guard let whale = json["whale_id"]?.string, let other = json["other_whale_id"]?.string,
            let there = direction("there"), let back = direction("back")
        else { return nil }
        self.init(whaleID: whale, otherWhaleID: other, there: there, back: back)
    }

    init(whaleID: String, otherWhaleID: String, there: Direction, back: Direction) {
        self.whaleID = whaleID
        self.otherWhaleID = otherWhaleID
        self.there = there
        self.back = back
    }
}
