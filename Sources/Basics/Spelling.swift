/// Finds the name that was probably meant.
public enum Spelling {
    /// The candidate nearest to `name`, or nil if none is close enough to be a misspelling.
    ///
    /// Source: Damerau 1964, restricted edit distance; near means at most two fifths of the longer name.
    ///
    /// Skips words that are very long or differ much in length, because they cannot match and would take long.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let length = name.count
        guard length <= longest else { return nil }
        let scored = candidates.lazy.filter { candidate in
            guard candidate.utf8.count <= 4 * longest else { return false }
            let longer = max(length, candidate.count)
            return longer <= longest && abs(length - candidate.count) <= max(1, longer * 2 / 5)
        }.map { (distance(name.lowercased(), $0.lowercased()), $0) }
        guard let best = scored.min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else { return nil }
        return best.0 <= max(1, max(name.count, best.1.count) * 2 / 5) ? best.1 : nil
    }

    /// Characters of the longest word considered.
    private static let longest = 100

    /// The number of insertions, deletions, substitutions and swaps of neighbours between two words.
    public static func distance(_ first: String, _ second: String) -> Int {
        let a = Array(first), b = Array(second)
        var rows = [Array(0...b.count)]
        for i in 1..<(a.count + 1) {
            var row = [i]
            for j in 1..<(b.count + 1) {
                var cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, rows[i - 2][j - 2] + 1) }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}

extension String {
    /// The text with its first letter in upper case.
    public var capitalisingFirst: String { prefix(1).uppercased() + dropFirst() }
}
