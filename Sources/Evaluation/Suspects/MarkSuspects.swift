import Basics

extension RelatedPhotographs {
    /// Photographs whose marks agree with those of another animal rather than with those of their own; the clearest
    /// first.
    public func markSuspects(_ marks: AgreeingMarks) -> [IdentitySuspect] {
        var taken = Set(animals)
        return marks.doubts().map { doubt in
            let (whale, rival) = (photographs[doubt.members[0]].whaleID, photographs[doubt.rival.other].whaleID)
            let checked = doubt.rival.one
            let encounter = photographs[checked].encounterID
            let others = doubt.kept.filter { encounter == nil || photographs[$0].encounterID != encounter }
            let near = doubt.own.flatMap { $0.one == checked && doubt.kept.contains($0.other) ? $0.other : nil }
                .map { Near(position: $0, score: similarity(checked, $0)) }
            let kept = near ?? nearest(to: checked, among: others)
            return IdentitySuspect(
                kind: .split, whaleID: whale, otherWhaleID: newName(for: whale, taken: &taken),
                imageIDs: doubt.members.map { photographs[$0].id },
                score: 1 - Double(doubt.own?.count ?? 0) / Double(doubt.rival.count),
                evidence: "the marks agree with those of \(rival) rather than with those of the photographs that keep "
                    + "the name",
                rival: .init(
                    whaleID: rival, imageID: photographs[doubt.rival.other].id,
                    comparison: .init(
                        imageID: photographs[checked].id, similarity: similarity(checked, doubt.rival.other),
                        kept: kept.map { (photographs[$0.position].id, $0.score) })))
        }
    }

    /// Whether the marks show that a suspicion is wrong: those of the photographs to check agree with photographs that
    /// keep the name, and not better with the rival; or those of two names do not agree, although each name's own do.
    public func contradict(_ suspect: IdentitySuspect, by marks: AgreeingMarks) -> Bool {
        func photographs(of whale: String, in views: Set<String>) -> Set<Int> {
            Set(
                self.photographs.indices.filter {
                    self.photographs[$0].whaleID == whale && views.contains(self.photographs[$0].viewpoint)
                })
        }
        let moved = Set(suspect.imageIDs)
        if suspect.kind == .split {
            let checked = Set(self.photographs.indices.filter { moved.contains(self.photographs[$0].id) })
            let views = Set(checked.map { self.photographs[$0].viewpoint })
            let own = marks.most(
                between: checked, and: photographs(of: suspect.whaleID, in: views).subtracting(checked))
            let rival = suspect.rival.map {
                marks.most(between: checked, and: photographs(of: $0.whaleID, in: views))
            }
            return own >= marks.least && own >= rival ?? 0
        }
        let views = Set(self.photographs.map(\.viewpoint))
        let one = photographs(of: suspect.whaleID, in: views)
        let other = photographs(of: suspect.otherWhaleID, in: views)
        return marks.most(between: one, and: other) < marks.least
            && [one, other].allSatisfy { marks.most(between: $0, and: $0) >= marks.least }
    }
}
