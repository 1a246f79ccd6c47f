import Basics

extension RelatedPhotographs {
    /// Pairs of names that may be one animal.
    ///
    /// A photograph supports a pair if, outside its own encounter, the other animal of the pair is the nearest to it,
    /// nearer even than its own. A pair is suspect if at least one photograph of each supports it and half of all do;
    /// its score is the share that does, in the name where it is lower. Pairs seen in one encounter come last among
    /// equals: an observer took them for two animals.
    ///
    /// - Complexity: O(photographs · animals).
    public func mergeSuspects() -> [IdentitySuspect] {
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        var sizes = Array(repeating: 0, count: animals.count)
        var encounters = Array(repeating: Set<String>(), count: animals.count)
        var votes: [Pair: Votes] = [:]
        for (position, photograph) in photographs.enumerated() {
            guard let own = number[photograph.whaleID] else { continue }
            sizes[own] += 1
            if let encounter = photograph.encounterID { encounters[own].insert(encounter) }
            let best = animals.indices.filter { nearest[position][$0] != nil }
                .max { (score(position, $0), $1) < (score(position, $1), $0) }
            guard let best, best != own, let near = nearest[position][best] else { continue }
            let pair = Pair(own, best)
            votes[pair, default: Votes()].add(
                position, near, isFirst: own == pair.first, own: nearest[position][own]?.score)
        }
        return votes.compactMap { pair, votes -> (suspect: IdentitySuspect, met: Int)? in
            let (first, second) = (sizes[pair.first], sizes[pair.second])
            guard votes.first > 0, votes.second > 0, 2 * (votes.first + votes.second) >= first + second,
                let closest = votes.closest
            else { return nil }
            let met = encounters[pair.first].intersection(encounters[pair.second]).count
            // The name with more photographs stays.
            let (kept, other) = second > first ? (pair.second, pair.first) : (pair.first, pair.second)
            return (
                IdentitySuspect(
                    kind: .merge, whaleID: animals[kept], otherWhaleID: animals[other],
                    imageIDs: [photographs[closest.position].id, photographs[closest.near].id],
                    score: min(Double(votes.first) / Double(first), Double(votes.second) / Double(second)),
                    evidence: evidence(pair, votes, sizes: (first, second), met: met)), met
            )
        }
        .sorted {
            let (one, other) = ($0.suspect, $1.suspect)
            return (-one.score, $0.met, one.whaleID, one.otherWhaleID)
                < (-other.score, $1.met, other.whaleID, other.otherWhaleID)
        }
        .map(\.suspect)
    }

    private func score(_ position: Int, _ animal: Int) -> Double { nearest[position][animal]?.score ?? -.infinity }

    private func evidence(_ pair: Pair, _ votes: Votes, sizes: (Int, Int), met: Int) -> String {
        func text(_ sum: Double, _ count: Int) -> String { NumberText.fixed(sum / Double(max(count, 1)), 3) }
        var parts = [
            "\(votes.first) of \(NumberText.counted(sizes.0, "photograph", "photographs")) of \(animals[pair.first]) and "
                + "\(votes.second) of \(sizes.1) of \(animals[pair.second]) are nearest to the other name",
            "mean similarity \(text(votes.crossSum, votes.first + votes.second))"
                + (votes.ownCount > 0 ? ", to their own name \(text(votes.ownSum, votes.ownCount))" : ""),
        ]
        if met > 0 { parts.append("both were seen in \(NumberText.counted(met, "encounter", "encounters"))") }
        return parts.joined(separator: "; ")
    }
}

/// Two animals, the lower number first.
private struct Pair: Hashable {
    let first: Int
    let second: Int

    init(_ one: Int, _ other: Int) {
        first = min(one, other)
        second = max(one, other)
    }
}

/// The photographs that support a pair.
private struct Votes {
    private(set) var first = 0
    private(set) var second = 0
    private(set) var crossSum = 0.0
    private(set) var ownSum = 0.0
    private(set) var ownCount = 0
    private(set) var closest: (position: Int, near: Int, score: Double)?

    mutating func add(_ position: Int, _ near: RelatedPhotographs.Near, isFirst: Bool, own: Double?) {
        if isFirst { first += 1 } else { second += 1 }
        crossSum += near.score
        if let own {
            ownSum += own
            ownCount += 1
        }
        if near.score > closest?.score ?? -.infinity { closest = (position, near.position, near.score) }
    }
}
