/// How photographs belong together so closely that one tells what the other shows.
public enum Kinship: String, Sendable, CaseIterable {
    /// Of one encounter: the same light, water and pose.
    case encounter
    /// Taken in the same second.
    case second
    /// Almost the same picture.
    case nearDuplicate = "near-duplicate"
    /// Of the same file: its bytes are the same, or both are cut from it.
    case source

    /// For people, as in `shares …`.
    public var noun: String {
        switch self {
        case .encounter: "encounter"
        case .second: "second"
        case .nearDuplicate: "near-duplicate"
        case .source: "source file"
        }
    }
}

/// The photographs of a catalogue in groups of one kinship.
struct KinGroups {
    /// Positions in the catalogue.
    private(set) var members: [[Int]] = []
    /// For each group its own position and those of groups that are as near.
    private(set) var near: [[Int]] = []
    /// For each photograph its group; nil where nothing is known of it.
    private(set) var group: [Int?]
    /// Photographs of one source are no near-duplicates but the same.
    private let source: [String]?

    /// - Parameter limit: The most bits in which the perceptual hashes of near-duplicates differ.
    init(_ kinship: Kinship, of photographs: [Photograph], fingerprints: [String: Fingerprint], limit: Int) {
        func sources() -> [String] { photographs.map { fingerprints[$0.id]?.digest ?? "path \($0.path)" } }
        group = Array(repeating: nil, count: photographs.count)
        switch kinship {
        case .encounter:
            source = nil
            collect(photographs.map(\.encounterID))
        case .second:
            source = nil
            collect(photographs.map(\.second))
        case .source:
            source = nil
            collect(sources())
        case .nearDuplicate:
            source = sources()
            let hashes = collect(photographs.map { fingerprints[$0.id]?.perceptualHash })
            for (group, others) in HammingNeighbours.neighbours(of: hashes, within: limit).enumerated() {
                near[group] += others
            }
        }
    }

    /// - Returns: The key of each group.
    @discardableResult private mutating func collect<Key: Hashable>(_ keys: [Key?]) -> [Key] {
        var groups: [Key: Int] = [:]
        var order: [Key] = []
        for (position, key) in keys.enumerated() {
            guard let key else { continue }
            let place = groups[key] ?? members.count
            if place == members.count {
                groups[key] = place
                order.append(key)
                members.append([])
                near.append([place])
            }
            members[place].append(position)
            group[position] = place
        }
        return order
    }

    /// The first photograph that belongs to one, of those that a group has among some candidates.
    func kin(of position: Int, among candidates: (_ group: Int) -> [Int]?) -> Int? {
        guard let group = group[position] else { return nil }
        for place in near[group] {
            let found = candidates(place)?.first { $0 != position && !isSameSource($0, position) }
            if let found { return found }
        }
        return nil
    }

    private func isSameSource(_ one: Int, _ other: Int) -> Bool { source.map { $0[one] == $0[other] } ?? false }
}

extension Photograph {
    /// The second it was taken, or nil where no more than the minute is known.
    fileprivate var second: String? {
        guard let timestamp, timestamp.utf8.count >= 19 else { return nil }
        return String(timestamp.prefix(19)).replacing("T", with: " ")
    }
}
