import Basics

/// The names of the competition's whales in its training and its test: one whale may have several.
///
/// The training photographs have a `whale_id`, and photographs of both sides an `original_whale_id`. Two names that share
/// a training photograph are of one whale, and so on through chains of such names.
struct WhaleNames {
    /// How the test photographs are named.
    enum Rule: String, Sendable {
        /// By their `original_whale_id`.
        case original
        /// By the whale, whichever of its names they have.
        case corrected
    }

    /// The names of the training photographs for each original one.
    private var trained: [String: Set<String>] = [:]
    /// A forest of original names; the root is the smallest of the names of one whale.
    private var parents: [String: String] = [:]

    /// - Parameter rows: `whale_id` and `original_whale_id` of each training photograph.
    init(_ rows: some Sequence<(String, String)>) {
        var first: [String: String] = [:]
        for (whale, original) in rows where !whale.isEmpty && !original.isEmpty {
            trained[original, default: []].insert(whale)
            if let other = first[whale] { join(other, original) } else { first[whale] = original }
        }
    }

    /// The whale of an original name: the smallest of its original names.
    func whale(of original: String) -> String {
        var name = original
        while let parent = parents[name], parent != name { name = parent }
        return name
    }

    /// The group of a test photograph: two photographs of one group are matches.
    func group(of original: String, by rule: Rule) -> String {
        switch rule {
        case .original: original
        case .corrected: whale(of: original)
        }
    }

    /// The names of the groups for a catalogue that also has the training photographs.
    ///
    /// A group has the training's name if that name is of no other group and the group has no other; otherwise
    /// `original-` and its own name.
    func catalogueNames(of originals: Set<String>, by rule: Rule) -> [String: String] {
        var whales: [String: Set<String>] = [:]
        for original in originals {
            whales[group(of: original, by: rule), default: []].formUnion(trained[original] ?? [])
        }
        var uses: [String: Int] = [:]
        for name in whales.values.joined() { uses[name, default: 0] += 1 }
        return Dictionary(
            uniqueKeysWithValues: whales.map { group, names in
                guard names.count == 1, let name = names.first, uses[name] == 1 else {
                    return (group, "original-\(group)")
                }
                return (group, name)
            })
    }

    private mutating func join(_ one: String, _ other: String) {
        let (first, second) = (whale(of: one), whale(of: other))
        guard first != second else { return }
        parents[max(first, second)] = min(first, second)
    }
}
