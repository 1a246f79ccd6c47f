import Basics

extension RelatedPhotographs {
    /// The minimum number of photographs in a part.
    private static let fewest = 2

    /// Names that may be two animals.
    ///
    /// For each name and view, encounters are joined by mean similarity until two groups are left. A photograph
    /// supports the split if another animal, seen from the same side, is nearer to it than the other group. A name is
    /// suspect if at least half of each group supports the split and each has two photographs; its score is the share
    /// that does, in the group where it is lower. Only photographs of one view are compared, because two sides of an
    /// animal always differ. Groups with a photograph that `others` list already are left out.
    ///
    /// - Complexity: O(photographs · animals + Σ n² · encounters) for n photographs of an animal.
    ///
    /// Source for the joining: Sokal, Michener, 1958 (average linkage).
    public func splitSuspects(besides others: [IdentitySuspect] = []) -> [IdentitySuspect] {
        struct Key: Hashable { let whale, view: String }
        let groups = Dictionary(grouping: photographs.indices) {
            Key(whale: photographs[$0].whaleID, view: photographs[$0].viewpoint)
        }
        let listed = Set(others.flatMap(\.imageIDs))
        var taken = Set(animals).union(others.map(\.otherWhaleID))
        return groups.sorted { ($0.key.whale, $0.key.view) < ($1.key.whale, $1.key.view) }
            .compactMap { suspect(of: $0.key.whale, members: $0.value, taken: &taken) }
            .filter { listed.isDisjoint(with: $0.imageIDs) }
            .sorted { ($1.score, $0.whaleID) < ($0.score, $1.whaleID) }
    }

    private func suspect(of whale: String, members: [Int], taken: inout Set<String>) -> IdentitySuspect? {
        guard members.count >= 2 * Self.fewest, let own = animals.firstIndex(of: whale),
            let halves = halves(of: members)
        else { return nil }
        let speaking = [(halves.0, halves.1), (halves.1, halves.0)].map { part, rest in
            part.count { position in
                let across = rest.map { similarity(position, $0) }.max() ?? -1
                let other = animals.indices.filter { $0 != own }
                    .compactMap { nearestInView[position][$0]?.score }.max()
                return other.map { $0 > across } ?? false
            }
        }
        let shares = [Double(speaking[0]) / Double(halves.0.count), Double(speaking[1]) / Double(halves.1.count)]
        guard halves.0.count >= Self.fewest, halves.1.count >= Self.fewest, shares.allSatisfy({ $0 >= 0.5 }) else {
            return nil
        }
        let across = mean(halves.0, halves.1)
        let within = [mean(halves.0, halves.0), mean(halves.1, halves.1)].compactMap(\.self)
        func text(_ value: Double?) -> String { value.map { NumberText.fixed($0, 3) } ?? "–" }
        return IdentitySuspect(
            kind: .split, whaleID: whale, otherWhaleID: newName(for: whale, taken: &taken),
            imageIDs: halves.1.map { photographs[$0].id }, score: shares.min() ?? 0,
            evidence: "\(photographs[members[0]].viewpoint) photographs fall into two groups of \(halves.0.count) and "
                + "\(halves.1.count); \(speaking[0]) and \(speaking[1]) of them are nearer to another animal than to the "
                + "other group; mean similarity between them \(text(across)), within "
                + within.map { text($0) }.joined(separator: " and "),
            rival: rival(of: halves.1, besides: halves.0, own: own))
    }

    /// The other animal that is nearer, to most photographs of a part, than those that keep the name, among the
    /// photographs of their view; of equal ones, the most similar. It is compared by the photograph to which it is nearer
    /// by most.
    private func rival(of part: [Int], besides kept: [Int], own: Int) -> IdentitySuspect.Rival? {
        var votes: [Int: [Lead]] = [:]
        for position in part {
            let others = animals.indices.compactMap { animal in
                animal == own ? nil : nearestInView[position][animal].map { (animal: animal, near: $0) }
            }
            guard let best = others.max(by: { ($0.near.score, $1.animal) < ($1.near.score, $0.animal) }) else {
                continue
            }
            let lead = Lead(position: position, rival: best.near, kept: nearest(to: position, among: kept))
            if lead.margin > 0 { votes[best.animal, default: []].append(lead) }
        }
        func highest(_ votes: [Lead]) -> Double { votes.map(\.rival.score).max() ?? -1 }
        let most = votes.max {
            ($0.value.count, highest($0.value), $1.key) < ($1.value.count, highest($1.value), $0.key)
        }
        return most.flatMap { rival($0.key, leads: $0.value) }
    }

    /// The most similar of some photographs of the same animal; nil without one.
    func nearest(to position: Int, among others: [Int]) -> Near? {
        others.map { Near(position: $0, score: similarity(position, $0)) }
            .max { ($0.score, $1.position) < ($1.score, $0.position) }
    }

    /// A photograph, the nearest of a rival, and the nearest that keeps the name.
    struct Lead {
        let position: Int
        let rival: Near
        /// Nil if no photograph of another encounter has the view.
        let kept: Near?

        /// How much nearer the rival is.
        var margin: Double { rival.score - (kept?.score ?? -1) }
    }

    /// An animal with the photograph to which it is nearer by most; nil without one.
    func rival(_ animal: Int, leads: [Lead]) -> IdentitySuspect.Rival? {
        leads.max { ($0.margin, $1.position) < ($1.margin, $0.position) }.map { lead in
            IdentitySuspect.Rival(
                whaleID: animals[animal], imageID: photographs[lead.rival.position].id,
                comparison: .init(
                    imageID: photographs[lead.position].id, similarity: lead.rival.score,
                    kept: lead.kept.map { (photographs[$0.position].id, $0.score) }))
        }
    }

    /// The mean similarity between different photographs of two groups; nil if there are none.
    private func mean(_ one: [Int], _ other: [Int]) -> Double? {
        let values = one.flatMap { first in other.filter { $0 != first }.map { similarity(first, $0) } }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The larger and the smaller of two groups of encounters; nil for a single encounter.
    private func halves(of members: [Int]) -> ([Int], [Int])? {
        let encounters = Dictionary(grouping: members) { photographs[$0].encounterID ?? "photograph \($0)" }
        var groups = encounters.sorted { $0.key < $1.key }.map(\.value)
        guard groups.count > 1 else { return nil }
        // Sums between groups add up when groups are joined, so none is counted again.
        var sums = groups.map { one in
            groups.map { other in
                one.reduce(0.0) { sum, first in other.reduce(sum) { $0 + similarity(first, $1) } }
            }
        }
        while groups.count > 2 {
            var best = (first: 0, second: 1, mean: -Double.infinity)
            for first in groups.indices {
                for second in groups.indices where second > first {
                    let mean = sums[first][second] / Double(groups[first].count * groups[second].count)
                    if mean > best.mean { best = (first, second, mean) }
                }
            }
            groups[best.first] += groups[best.second]
            groups.remove(at: best.second)
            for row in sums.indices { sums[row][best.first] += sums[row][best.second] }
            for column in sums.indices { sums[best.first][column] += sums[best.second][column] }
            sums.remove(at: best.second)
            for row in sums.indices { sums[row].remove(at: best.second) }
        }
        // The larger group keeps the name; of equal ones, the group with the first photograph.
        let sorted = groups.map { $0.sorted() }.sorted { (-$0.count, $0[0]) < (-$1.count, $1[0]) }
        return (sorted[0], sorted[1])
    }
}
