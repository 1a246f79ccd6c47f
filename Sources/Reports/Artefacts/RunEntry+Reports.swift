import Basics
import Results

extension RunEntry {
    /// Whether the run answered other questions than its parent, so that their scores say nothing of each other.
    var asksOtherwise: Bool { changes.contains { $0.lies(within: ["data", "scenarios", "split", "search.k"]) } }

    /// The contents of its splits, and so of the photographs that were parted, by digest.
    var splits: [String] { nodes.filter { $0.stage == .split }.map(\.outputDigest) }
}

extension RunEntry.Change {
    private static let longest = 40

    /// The option with both values as documents tell them.
    ///
    /// - Parameter paths: Applied before long values are cut.
    func text(_ paths: RelativePaths) -> String {
        let values = [old, new].map { value in
            let text = paths.shortened(Self.words(value))
            return text.count > Self.longest ? text.prefix(Self.longest - 1) + "…" : text
        }
        return "\(name) \(values[0]) → \(values[1])"
    }

    /// Whether the option is one of some options, or below one.
    func lies(within options: [String]) -> Bool {
        options.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
}
