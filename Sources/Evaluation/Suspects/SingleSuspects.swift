import Basics

extension RelatedPhotographs {
    /// How many of the most similar photographs must agree that a single photograph shows another animal.
    public static let agreeing = 3

    /// Single photographs that may show another animal.
    ///
    /// A photograph is suspect if the first ``agreeing`` photographs that one of its queries returned have its view and
    /// show one other animal, although its own has another photograph of that view; and if that animal is nearer to it
    /// than its own in the whole catalogue, of which a database is a part. Suspect photographs of one animal and view
    /// with the same rival are one entry, whose score is 1. What `others` list already is left out: the photographs of a
    /// split, and the two names of a merge.
    ///
    /// - Parameters:
    ///   - rankings: The queries with the photographs returned, by plain similarity.
    ///   - others: The suspicions so far.
    /// - Returns: By animal, view and rival.
    /// - Complexity: O(photographs · suspect photographs + queries).
    public func singleSuspects(_ rankings: Rankings, besides others: [IdentitySuspect]) -> [IdentitySuspect] {
        struct Key: Hashable { let own, rival: Int, view: String }
        let listed = Set(others.filter { $0.kind == .split }.flatMap(\.imageIDs))
        let merged = Set(others.filter { $0.kind == .merge }.map { Set([$0.whaleID, $0.otherWhaleID]) })
        let positions = Dictionary(photographs.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        let counts = Dictionary(grouping: photographs) { [$0.whaleID, $0.viewpoint] }.mapValues(\.count)
        var found: [Key: [Int: Lead]] = [:]
        for query in rankings.queries where !listed.contains(query.imageID) {
            guard let position = positions[query.imageID] else { continue }
            let (whale, view) = (photographs[position].whaleID, photographs[position].viewpoint)
            let near = query.answers.prefix(Self.agreeing).compactMap { positions[$0.imageID] }.map { photographs[$0] }
            guard view != NamedPhotograph.unknownView, counts[[whale, view], default: 0] > 1,
                near.count == Self.agreeing, near.allSatisfy({ $0.viewpoint == view }),
                let name = near.first?.whaleID, name != whale, near.allSatisfy({ $0.whaleID == name }),
                !merged.contains([whale, name]), let own = number[whale], let rival = number[name],
                let nearest = nearestInView[position][rival]
            else { continue }
            let lead = Lead(position: position, rival: nearest, kept: nearestInView[position][own])
            if lead.margin > 0 { found[Key(own: own, rival: rival, view: view), default: [:]][position] = lead }
        }
        var taken = Set(animals).union(others.map(\.otherWhaleID))
        return found.sorted { ($0.key.own, $0.key.view, $0.key.rival) < ($1.key.own, $1.key.view, $1.key.rival) }
            .map { key, leads in
                let (whale, ids) = (animals[key.own], leads.keys.sorted().map { photographs[$0].id })
                let of = ids.count == 1 ? "this photograph" : "each of these \(ids.count) photographs"
                return IdentitySuspect(
                    kind: .split, whaleID: whale, otherWhaleID: newName(for: whale, taken: &taken), imageIDs: ids,
                    score: 1,
                    evidence: "the \(Self.agreeing) photographs most similar to \(of) are \(key.view) views of "
                        + animals[key.rival],
                    rival: rival(key.rival, leads: comparisons(leads)))
            }
    }

    /// The photographs of one entry, compared only with photographs that keep the name.
    private func comparisons(_ leads: [Int: Lead]) -> [Lead] {
        leads.keys.sorted().compactMap { position in
            let own = photographs[position]
            let kept = photographs.indices.filter { other in
                let photograph = photographs[other]
                return leads[other] == nil && photograph.whaleID == own.whaleID && photograph.viewpoint == own.viewpoint
                    && (photograph.encounterID == nil || photograph.encounterID != own.encounterID)
            }
            return leads[position].map {
                Lead(position: position, rival: $0.rival, kept: nearest(to: position, among: kept))
            }
        }
    }
}
