import Basics

/// How many matched marks agree between photographs of one view in different encounters, and which names that puts in
/// doubt.
///
/// The photographs of one name, view and encounter are a group, since an observer names an encounter as a whole. A part
/// of a name is one group, or several that ``least`` or more marks connect. It is in doubt if ``least`` or more marks
/// agree with a group of another name, and half as many again as with the rest of its own. Several groups have more chances
/// to agree, so they need half as many marks again, and this must hold for most of them.
public struct AgreeingMarks: Sendable {
    /// Two photographs whose marks were matched, by their positions.
    public struct Pair: Sendable, Equatable {
        public let one: Int
        public let other: Int
        /// The matches that one movement explains, less the three that any movement explains.
        public let count: Int

        /// Creates a pair.
        public init(one: Int, other: Int, count: Int) {
            self.one = one
            self.other = other
            self.count = count
        }
    }

    /// A part of a name that may show another animal.
    struct Doubt {
        /// Its photographs, ascending.
        let members: [Int]
        /// The photographs of its view that keep the name.
        let kept: [Int]
        /// One of its photographs with the one of another name whose marks agree best.
        let rival: Pair
        /// The same among the photographs that keep the name; nil if no marks agree.
        let own: Pair?
    }

    /// How many errors would be found, by marks.
    public struct Check: Sendable, Equatable, Codable {
        /// The groups whose name has another group of their view.
        public let encounters: Int
        /// Those that would be in doubt if they had the name of the other animal whose marks agree best with theirs.
        public let found: Int

        /// Counts groups.
        public init(encounters: Int, found: Int) {
            self.encounters = encounters
            self.found = found
        }
    }

    private struct Group {
        let name: String
        let view: String
        let encounter: String
        var members: [Int]
    }

    private struct NameAndView: Hashable { let name, view: String }

    private let groups: [Group]
    /// For each group the best pair with every other group of its view, from its side.
    private let links: [[Int: Pair]]
    /// The fewest marks that count as evidence.
    public let least: Int
    public let check: Check

    /// The fewest marks of all: fewer agree by chance in any catalogue.
    private static let fewest = 5
    /// Of the groups that agree best with their own name, this share has at most ``least`` marks with another. Wrong names
    /// raise the counts of the photographs that they were taken from, so a larger share would hide errors by errors.
    private static let share = 0.7
    /// The fewest groups from which ``least`` is learnt.
    private static let fewestGroups = 20
    /// The share of the groups that must agree best with their own name; otherwise marks do not tell these animals apart.
    private static let fewestRight = 0.8

    /// Joins the pairs; nil if they do not show how many marks agree by chance.
    ///
    /// - Complexity: O(photographs + pairs).
    public init?(_ photographs: [NamedPhotograph], pairs: [Pair]) {
        struct Key: Hashable { let name, view, encounter: String }
        var groups: [Group] = []
        var numbers: [Key: Int] = [:]
        var group = Array(repeating: 0, count: photographs.count)
        for (position, photograph) in photographs.enumerated() {
            // A photograph without an encounter is one of its own.
            let encounter = photograph.encounterID ?? "photograph \(position)"
            let key = Key(name: photograph.whaleID, view: photograph.viewpoint, encounter: encounter)
            group[position] = numbers[key] ?? groups.count
            if numbers[key] == nil {
                numbers[key] = groups.count
                groups.append(Group(name: key.name, view: key.view, encounter: encounter, members: []))
            }
            groups[group[position]].members.append(position)
        }
        var links = Array(repeating: [Int: Pair](), count: groups.count)
        func add(_ pair: Pair) {
            let (own, other) = (group[pair.one], group[pair.other])
            let order = { (pair: Pair) in (-pair.count, pair.one, pair.other) }
            if let best = links[own][other], order(best) <= order(pair) { return }
            links[own][other] = pair
        }
        for pair in pairs where pair.count > 0 {
            let (one, other) = (groups[group[pair.one]], groups[group[pair.other]])
            guard one.view == other.view, one.encounter != other.encounter else { continue }
            add(pair)
            add(Pair(one: pair.other, other: pair.one, count: pair.count))
        }
        self.groups = groups
        self.links = links
        let names = groups.map(\.name)
        let counts = Self.compared(groups).map { number in
            (
                own: Self.best(links[number]) { names[$0] == names[number] }?.pair.count ?? 0,
                rival: Self.best(links[number]) { names[$0] != names[number] }?.pair.count ?? 0
            )
        }
        let chance = counts.filter { $0.own > $0.rival }.map(\.rival).sorted()
        guard chance.count >= Self.fewestGroups,
            Double(chance.count) >= Self.fewestRight * Double(counts.count)
        else { return nil }
        let least = max(Self.fewest, chance[Int(Self.share * Double(chance.count - 1))])
        self.least = least
        check = Check(
            encounters: counts.count, found: counts.count { Self.isInDoubt(own: $0.rival, rival: $0.own, least: least) }
        )
    }

    /// Whether some photographs show that marks do not tell these animals apart: of those that have another photograph of
    /// their name and view, less than half the share that all need agrees best with it.
    ///
    /// `asked` are the photographs that were matched with all that count.
    public static func failToTellApart(_ photographs: [NamedPhotograph], asked: [Int], pairs: [Pair]) -> Bool {
        let byName = Dictionary(grouping: photographs) { NameAndView(name: $0.whaleID, view: $0.viewpoint) }
        let compared = asked.filter { position in
            let photograph = photographs[position]
            return byName[NameAndView(name: photograph.whaleID, view: photograph.viewpoint), default: []].contains {
                $0.id != photograph.id
                    && (photograph.encounterID == nil || $0.encounterID != photograph.encounterID)
            }
        }
        guard compared.count >= fewestGroups else { return false }
        var best: [Int: (own: Int, rival: Int)] = [:]
        for pair in pairs {
            let isOwn = photographs[pair.one].whaleID == photographs[pair.other].whaleID
            for photograph in [pair.one, pair.other] {
                let before = best[photograph, default: (0, 0)]
                best[photograph] = (
                    max(before.own, isOwn ? pair.count : 0), max(before.rival, isOwn ? 0 : pair.count)
                )
            }
        }
        let right = compared.count { position in best[position].map { $0.own > $0.rival } ?? false }
        return Double(right) < fewestRight / 2 * Double(compared.count)
    }

    /// The groups whose name has another one of their view.
    private static func compared(_ groups: [Group]) -> [Int] {
        let sizes = Dictionary(grouping: groups) { NameAndView(name: $0.name, view: $0.view) }.mapValues(\.count)
        return groups.indices.filter { number in
            sizes[NameAndView(name: groups[number].name, view: groups[number].view), default: 0] > 1
        }
    }

    private static func isInDoubt(own: Int, rival: Int, least: Int) -> Bool { rival >= least && 2 * rival >= 3 * own }

    /// The group with the most agreeing marks among some; of equal ones, the first.
    private static func best(_ links: [Int: Pair], _ isMeant: (Int) -> Bool) -> (group: Int, pair: Pair)? {
        links.filter { isMeant($0.key) }.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
            .map { (group: $0.key, pair: $0.value) }
    }

    /// The most agreeing marks between some photographs and others of their view.
    func most(between some: Set<Int>, and others: Set<Int>) -> Int {
        let (one, other) = (numbers(of: some), numbers(of: others))
        return one.reduce(0) { most, number in
            max(most, links[number].filter { other.contains($0.key) }.map(\.value.count).max() ?? 0)
        }
    }

    private func numbers(of photographs: Set<Int>) -> Set<Int> {
        Set(groups.indices.filter { !photographs.isDisjoint(with: groups[$0].members) })
    }

    // MARK: Doubts

    /// The parts of names that may show another animal, the clearest first.
    ///
    /// After each, its groups have the rival's name, so that an error does not make the photographs doubtful that it
    /// was taken from.
    ///
    /// - Complexity: O(doubts · links).
    func doubts() -> [Doubt] {
        var names = groups.map(\.name)
        var settled: Set<Int> = []
        var found: [Doubt] = []
        while let next = clearest(names, besides: settled) {
            found.append(next.doubt)
            settled.formUnion(next.part)
            for number in next.part { names[number] = names[next.rival] }
        }
        return found
    }

    private typealias Found = (doubt: Doubt, part: [Int], rival: Int, margin: Int)

    private func clearest(_ names: [String], besides settled: Set<Int>) -> Found? {
        let byName = Dictionary(grouping: groups.indices) { NameAndView(name: names[$0], view: groups[$0].view) }
        return byName.values.sorted { $0[0] < $1[0] }.filter { $0.count > 1 }.flatMap { all in
            parts(of: all).filter(settled.isDisjoint).compactMap { doubt(about: $0, of: all, names, besides: settled) }
        }.max { ($0.margin, $1.part[0], $0.part.count) < ($1.margin, $0.part[0], $1.part.count) }
    }

    /// Each group of a name alone, and those that agreeing marks connect, without the whole name.
    private func parts(of all: [Int]) -> [[Int]] {
        var rest = Set(all)
        var connected: [[Int]] = []
        for start in all where rest.remove(start) != nil {
            var part = [start]
            var place = 0
            while place < part.count {
                let near = rest.filter { links[part[place]][$0]?.count ?? 0 >= least }
                part += near.sorted()
                rest.subtract(near)
                place += 1
            }
            if part.count > 1, part.count < all.count { connected.append(part.sorted()) }
        }
        return all.map { [$0] } + connected
    }

    private func doubt(about part: [Int], of all: [Int], _ names: [String], besides settled: Set<Int>) -> Found? {
        let (own, rest) = (names[part[0]], Set(all).subtracting(part))
        func best(_ isMeant: (Int) -> Bool) -> (group: Int, pair: Pair)? {
            part.compactMap { Self.best(links[$0], isMeant) }
                .max { ($0.pair.count, $1.pair.one) < ($1.pair.count, $0.pair.one) }
        }
        guard let rival = best({ names[$0] != own && !settled.contains($0) }) else { return nil }
        let kept = best(rest.contains)?.pair
        let needed = part.count > 1 ? (3 * least + 1) / 2 : least
        guard Self.isInDoubt(own: kept?.count ?? 0, rival: rival.pair.count, least: needed) else { return nil }
        let supporting = part.count { number in
            let near = Self.best(links[number]) { names[$0] == names[rival.group] }?.pair.count ?? 0
            let own = Self.best(links[number], rest.contains)?.pair.count ?? 0
            return Self.isInDoubt(own: own, rival: near, least: least)
        }
        guard 2 * supporting > part.count else { return nil }
        return (
            Doubt(
                members: part.flatMap { groups[$0].members }.sorted(),
                kept: rest.subtracting(settled).flatMap { groups[$0].members }.sorted(), rival: rival.pair, own: kept),
            part, rival.group, rival.pair.count - (kept?.count ?? 0)
        )
    }
}
