import Basics

/// The lines in which a text on the disk differs from the text as it is made anew.
enum TextDifferences {
    /// More lines than these on both sides are compared by their numbers: alignment takes lines times differences.
    private static let mostAligned = 20_000

    /// - Complexity: O(lines · differences), O(lines) for long texts.
    static func findings(in file: String, found: String, expected: String) -> [Finding] {
        let old = found.split(separator: "\n", omittingEmptySubsequences: false)
        let new = expected.split(separator: "\n", omittingEmptySubsequences: false)
        guard old != new else { return [] }
        let difference = old.count + new.count > mostAligned ? inPlace(old, new) : new.difference(from: old)
        var removed = difference.removals.map(offset)[...], inserted = difference.insertions.map(offset)[...]
        var result: [Finding] = []
        // Walks both texts beside each other; what stands at the same place on both sides is one changed line.
        var (row, other) = (0, 0)
        while row < old.count || other < new.count {
            switch (removed.first == row, inserted.first == other) {
            case (true, true):
                result.append(changed(file, line: row + 1, found: old[row], expected: new[other]))
                (row, other) = (row + 1, other + 1)
                removed.removeFirst()
                inserted.removeFirst()
            case (true, false):
                result.append(.init(file: file, line: row + 1, problem: "should not say \(excerpt(old[row]))"))
                row += 1
                removed.removeFirst()
            case (false, true):
                result.append(.init(file: file, line: row + 1, problem: "lacks \(excerpt(new[other]))"))
                other += 1
                inserted.removeFirst()
            case (false, false): (row, other) = (row + 1, other + 1)
            }
        }
        return result
    }

    /// Each line that differs from the one of the same number.
    private static func inPlace(_ old: [Substring], _ new: [Substring]) -> CollectionDifference<Substring> {
        var changes: [CollectionDifference<Substring>.Change] = []
        for row in 0..<max(old.count, new.count) {
            let (one, other) = (row < old.count ? old[row] : nil, row < new.count ? new[row] : nil)
            guard one != other else { continue }
            if let one { changes.append(.remove(offset: row, element: one, associatedWith: nil)) }
            if let other { changes.append(.insert(offset: row, element: other, associatedWith: nil)) }
        }
        return CollectionDifference(changes) ?? new.difference(from: old)
    }

    private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    /// Characters that are shown around a difference.
    private static let context = 24

    private static func changed(_ file: String, line: Int, found: Substring, expected: Substring) -> Finding {
        let (one, other) = (Array(found), Array(expected))
        let common = zip(one, other).prefix { $0 == $1 }.count
        let tail = zip(one.dropFirst(common).reversed(), other.dropFirst(common).reversed()).prefix { $0 == $1 }.count
        func part(_ text: [Character]) -> Substring {
            let range = max(0, common - context)..<min(text.count, max(text.count - tail, common) + context)
            return Substring(String(text[range]))
        }
        return Finding(
            file: file, line: line, problem: "says \(excerpt(part(one))), should say \(excerpt(part(other)))")
    }

    private static func excerpt(_ text: Substring) -> String { "\(quoted: text)" }
}
