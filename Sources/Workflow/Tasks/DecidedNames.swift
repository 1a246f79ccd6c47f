import Basics
import Catalog
import Foundation
import Results

/// The names that photographs get by people's decisions.
///
/// A decision that two photographs of one name show different animals divides the name; then a decision that two
/// photographs show one animal joins their names. What people disagree on changes nothing.
struct DecidedNames {
    /// A new photograph that gets a name.
    struct Addition: Equatable {
        let path: String
        let name: String
    }

    /// The new names of the catalogue's photographs, by image_id.
    private(set) var names: [String: String] = [:]
    /// New photographs, in the order of the decisions.
    private(set) var additions: [Addition] = []
    /// Animals that lose their name, with the name that they get.
    private(set) var merged: [(from: String, into: String)] = []
    /// Photographs that leave a name, with their new one; no old name for photographs without one.
    private(set) var divided: [(count: Int, from: String?, into: String)] = []
    /// The decisions that contradict each other, in words.
    private(set) var conflicts: [String] = []
    /// Pairs on which people disagree, in words.
    private(set) var disputes: [String] = []
    /// How many pairs each verdict was agreed on.
    private(set) var counts: [PairDecision.Verdict: Int] = [:]
    /// Catalogued photographs that somebody called not usable.
    private(set) var unusable: [String] = []
    /// Decisions about photographs or animals that the folder does not have, in words.
    private(set) var unknown: [String] = []

    private let catalog: Catalog
    private var blocks = Blocks()

    init(_ catalog: Catalog, _ decisions: [PairDecision]) {
        self.catalog = catalog
        let agreed = Verdicts.all(decisions).compactMap { entry -> Agreed? in
            if entry.verdicts.isDisputed { disputes.append(Self.words(entry.verdicts)) }
            guard let verdict = entry.verdicts.agreed,
                let decision = entry.verdicts.latest.last(where: { $0.verdict == verdict })
            else { return nil }
            counts[verdict, default: 0] += 1
            return Agreed(verdict: verdict, question: decision.question)
        }.filter { note($0) }
        for photograph in catalog.photographs { blocks.add(photograph.id, to: photograph.whaleID) }
        // What a person saw counts more than how a suspicion grouped the other photographs of a name.
        var together = Together()
        for decision in agreed where decision.verdict == .same && decision.question.isWithinName {
            together.join(decision.question.queryImageID, decision.question.imageID)
        }
        for decision in agreed where decision.question.source == .split { divide(decision, together) }
        for decision in agreed where decision.question.source != .split { divide(decision, together) }
        for decision in agreed where decision.verdict == .same { join(decision.question) }
        for decision in agreed where decision.verdict == .different { check(decision.question) }
        nameBlocks(newPaths: Self.newPaths(agreed))
    }

    private struct Agreed {
        let verdict: PairDecision.Verdict
        let question: PairQuestion
    }

    /// Whether the folder has what a decision is about; reports it otherwise.
    private mutating func note(_ decision: Agreed) -> Bool {
        let question = decision.question
        var ids = [question.imageID]
        if question.source != .season {
            ids.append(question.queryImageID)
        } else if decision.verdict != .same {
            ids = []
        }
        if question.source == .split { ids += question.movedImageIDs }
        guard let missing = ids.first(where: { catalog[$0] == nil }) else { return true }
        unknown.append("\(decision.verdict.rawValue): the folder has no photograph \(quoted: missing)")
        return false
    }

    // MARK: Blocks

    private mutating func divide(_ decision: Agreed, _ together: Together) {
        let question = decision.question
        let leaving: [String]
        switch (decision.verdict, question.source) {
        case (.different, .split): leaving = together.leaving(question)
        case (.different, .query) where question.isWithinName:
            let own = together.members(of: question.queryImageID)
            leaving = own.contains(question.imageID) ? [question.queryImageID] : own
        case (.new, .merge), (.new, .split), (.new, .query): leaving = [question.queryImageID]
        case (.new, .season), (.same, .season): leaving = [question.queryImageID] + question.movedImageIDs
        case (.notUsable, let source):
            if source != .season { unusable.append(question.queryImageID) }
            return
        default: return
        }
        blocks.detach(leaving)
    }

    private mutating func join(_ question: PairQuestion) { blocks.join(question.queryImageID, question.imageID) }

    private mutating func check(_ question: PairQuestion) {
        guard catalog[question.queryImageID] != nil || blocks.has(question.queryImageID),
            blocks.areJoined(question.queryImageID, question.imageID)
        else { return }
        conflicts.append(
            "\(question.queryImageID) and \(question.imageID) were decided to be different animals, but other decisions "
                + "make them one")
    }

    private static func newPaths(_ agreed: [Agreed]) -> [String] {
        var seen: Set<String> = []
        return agreed.filter { $0.question.source == .season && [.same, .new].contains($0.verdict) }
            .flatMap { [$0.question.queryImageID] + $0.question.movedImageIDs }.filter { seen.insert($0).inserted }
    }

    // MARK: Names

    private mutating func nameBlocks(newPaths: [String]) {
        let newPhotographs = Set(newPaths)
        var taken = Set(catalog.whales)
        var nameOf: [Int: String] = [:]
        let groups = blocks.groups(order: catalog.photographs.map(\.id) + newPaths)
        // Names stay with the block that has most of their own photographs; a block that left never keeps one.
        for group in groups {
            guard let kept = group.originals.min(by: { (-$0.count, $0.name) < (-$1.count, $1.name) }) else { continue }
            nameOf[group.number] = kept.name
            for other in group.originals where other.name != kept.name { merged.append((other.name, kept.name)) }
        }
        for group in groups where nameOf[group.number] == nil {
            let old = group.ids.compactMap { catalog[$0]?.whaleID }.first
            let isUntouched =
                group.ids.count == 1 && old == nil && !newPhotographs.contains(group.ids[0]) && !group.isDetached
            guard !isUntouched else { continue }
            let name = Self.newName(after: old, taken: taken)
            taken.insert(name)
            nameOf[group.number] = name
            let moved = group.ids.filter { !newPhotographs.contains($0) }
            if !moved.isEmpty { divided.append((moved.count, old, name)) }
        }
        for group in groups {
            guard let name = nameOf[group.number] else { continue }
            for id in group.ids {
                if newPhotographs.contains(id) {
                    additions.append(Addition(path: id, name: name))
                } else if catalog[id]?.whaleID != name {
                    names[id] = name
                }
            }
        }
        let order = Dictionary(uniqueKeysWithValues: newPaths.enumerated().map { ($1, $0) })
        additions.sort { (order[$0.path] ?? 0) < (order[$1.path] ?? 0) }
        merged.sort { $0.from < $1.from }
    }

    private static func newName(after old: String?, taken: Set<String>) -> String {
        let names = old.map { old in (2...).lazy.map { "\(old)-\($0)" } } ?? (1...).lazy.map { "new-\($0)" }
        return names.first { !taken.contains($0) } ?? ""
    }

    private static func words(_ verdicts: Verdicts) -> String {
        let question = verdicts.latest[0].question
        return "\(question.queryImageID) and \(question.imageID): "
            + verdicts.latest.map { "\($0.reviewer) says \($0.verdict.rawValue)" }.joined(separator: ", ")
    }
}

extension PairQuestion {
    /// Whether both photographs are in the catalogue under one name.
    fileprivate var isWithinName: Bool { source != .season && queryWhaleID != nil && queryWhaleID == whaleID }
}

/// Photographs of one name that people decided to be one animal.
private struct Together {
    private var groupOf: [String: Int] = [:]
    private var groups: [Int: [String]] = [:]

    mutating func join(_ one: String, _ other: String) {
        let (first, second) = (number(of: one), number(of: other))
        guard first != second, let moved = groups.removeValue(forKey: second) else { return }
        for id in moved { groupOf[id] = first }
        groups[first, default: []] += moved
    }

    /// The photographs known to show the animal of one, with that one.
    func members(of id: String) -> [String] { groupOf[id].flatMap { groups[$0] } ?? [id] }

    /// The photographs that leave a name by a split: those that it names, except what is known to show an animal that
    /// stays, and what is known to show the animal that leaves.
    func leaving(_ question: PairQuestion) -> [String] {
        let moved = Set(question.movedImageIDs)
        let own = members(of: question.queryImageID)
        guard !own.contains(question.imageID) else { return question.movedImageIDs }
        let others = question.movedImageIDs.filter { id in
            !own.contains(id) && members(of: id).allSatisfy(moved.contains)
        }
        return own + others
    }

    private mutating func number(of id: String) -> Int {
        if let known = groupOf[id] { return known }
        let number = groupOf.count
        groupOf[id] = number
        groups[number] = [id]
        return number
    }
}

/// Photographs in groups of one animal each.
private struct Blocks {
    /// A group of photographs.
    struct Group {
        let number: Int
        let ids: [String]
        /// The names that stay with the group, and how many of its photographs have them.
        let originals: [(name: String, count: Int)]
        /// Whether some photographs left another group.
        let isDetached: Bool
    }

    private var numberOf: [String: Int] = [:]
    private var parents: [Int] = []
    private var names: [Int: String] = [:]
    private var numberOfName: [String: Int] = [:]
    private var detached: Set<Int> = []

    func has(_ id: String) -> Bool { numberOf[id] != nil }

    mutating func add(_ id: String, to name: String?) {
        if let name, let known = numberOfName[name] {
            numberOf[id] = known
            return
        }
        let number = newNumber()
        numberOf[id] = number
        guard let name else { return }
        numberOfName[name] = number
        names[number] = name
    }

    /// Makes a group of its own of photographs that no earlier decision detached.
    mutating func detach(_ ids: [String]) {
        let free = ids.filter { id in numberOf[id].map { !detached.contains($0) } ?? true }
        guard !free.isEmpty else { return }
        let number = newNumber()
        detached.insert(number)
        for id in free { numberOf[id] = number }
    }

    mutating func join(_ one: String, _ other: String) {
        guard let first = numberOf[one], let second = numberOf[other] else { return }
        let (low, high) = (root(first), root(second))
        if low != high { parents[max(low, high)] = min(low, high) }
    }

    func areJoined(_ one: String, _ other: String) -> Bool {
        guard let first = numberOf[one], let second = numberOf[other] else { return false }
        return root(first) == root(second)
    }

    /// The groups in the order of their first photographs.
    func groups(order: [String]) -> [Group] {
        var places: [Int: Int] = [:]
        var collected: [(number: Int, ids: [String])] = []
        for id in order {
            guard let number = numberOf[id].map(root) else { continue }
            if let place = places[number] {
                collected[place].ids.append(id)
            } else {
                places[number] = collected.count
                collected.append((number, [id]))
            }
        }
        return collected.map { number, ids in
            var sizes: [String: Int] = [:]
            for id in ids {
                guard let own = numberOf[id], let name = names[own] else { continue }
                sizes[name, default: 0] += 1
            }
            return Group(
                number: number, ids: ids, originals: sizes.map { ($0.key, $0.value) },
                isDetached: ids.contains { numberOf[$0].map(detached.contains) ?? false })
        }
    }

    private mutating func newNumber() -> Int {
        parents.append(parents.count)
        return parents.count - 1
    }

    private func root(_ number: Int) -> Int {
        var number = number
        while parents[number] != number { number = parents[number] }
        return number
    }
}
