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
    /// animal always differ.
    ///
    /// - Complexity: O(photographs · animals + Σ n² · encounters) for n photographs of an animal.
    ///
    /// Source for the joining: Sokal, Michener, 1958 (average linkage).
    public func splitSuspects() -> [IdentitySuspect] {
        struct Key: Hashable { let whale, view: String }
        let groups = Dictionary(grouping: photographs.indices) {
            Key(whale: photographs[$0].whaleID, view: photographs[$0].viewpoint)
        }
        return groups.sorted { ($0.key.whale, $0.key.view) < ($1.key.whale, $1.key.view) }
            .compactMap { suspect(of: $0.key.whale, members: $0.value) }
            .sorted { ($1.score, $0.whaleID) < ($0.score, $1.whaleID) }
    }

    private func suspect(of whale: String, members: [Int]) -> IdentitySuspect? {
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
            kind: .split, whaleID: whale, otherWhaleID: newName(for: whale),
            imageIDs: halves.1.map { photographs[$0].id }, score: shares.min() ?? 0,
            evidence: "\(photographs[members[0]].viewpoint) photographs fall into two groups of \(halves.0.count) and "
                + "\(halves.1.count); \(speaking[0]) and \(speaking[1]) of them are nearer to another animal than to the "
                + "other group; mean similarity between them \(text(across)), within "
                + within.map { text($0) }.joined(separator: " and "),
            rival: rival(of: halves.1, own: own))
    }

    /// The animal other than `own` that most photographs of a part are nearest to, among those of their view; of equal
    /// ones, the most similar.
    private func rival(of part: [Int], own: Int) -> IdentitySuspect.Rival? {
        var votes: [Int: (count: Int, near: Near)] = [:]
        for position in part {
            let others = animals.indices.compactMap { animal in
                animal == own ? nil : nearestInView[position][animal].map { (animal: animal, near: $0) }
            }
            guard let best = others.max(by: { ($0.near.score, $1.animal) < ($1.near.score, $0.animal) }) else {
                continue
            }
            let earlier = votes[best.animal]
            let near = [earlier?.near, best.near].compactMap(\.self).max { $0.score < $1.score } ?? best.near
            votes[best.animal] = ((earlier?.count ?? 0) + 1, near)
        }
        return votes.max {
            ($0.value.count, $0.value.near.score, $1.key) < ($1.value.count, $1.value.near.score, $0.key)
        }
        .map { .init(whaleID: animals[$0.key], imageID: photographs[$0.value.near.position].id) }
    }

    private func newName(for whale: String) -> String {
        let known = Set(animals)
        return (2...).lazy.map { "\(whale)-\($0)" }.first { !known.contains($0) } ?? whale
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
