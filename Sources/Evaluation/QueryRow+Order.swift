extension QueryRow {
    /// Whether the query went worse: ties go by the rank of the first right photograph, then by name.
    public func wentWorse(than other: QueryRow) -> Bool {
        (averagePrecision, -(firstHitRank ?? .max), id)
            < (other.averagePrecision, -(other.firstHitRank ?? .max), other.id)
    }
}

extension [QueryRow] {
    /// The queries that have an answer, those that went worst first; among those that went equally badly the scenarios
    /// take turns, or one of them would fill the page.
    public var worstFirst: [QueryRow] {
        var counts: [String: Int] = [:]
        let ordered = filter { $0.relevant > 0 }.sorted { $0.wentWorse(than: $1) }
        let turns = ordered.map { query in
            let key = "\(query.averagePrecision) \(query.firstHitRank ?? 0) \(query.scenario)"
            counts[key, default: 0] += 1
            return (turn: counts[key] ?? 0, query: query)
        }
        return turns.enumerated().sorted { first, second in
            let (a, b) = (first.element, second.element)
            return (a.query.averagePrecision, -(a.query.firstHitRank ?? .max), a.turn, first.offset)
                < (b.query.averagePrecision, -(b.query.firstHitRank ?? .max), b.turn, second.offset)
        }.map(\.element.query)
    }

    /// The queries that have an answer, those that went worst first, of each photograph only the one that went worst.
    public var worstPhotographsFirst: [QueryRow] {
        var seen: Set<String> = []
        return worstFirst.filter { seen.insert($0.imageID).inserted }
    }
}
