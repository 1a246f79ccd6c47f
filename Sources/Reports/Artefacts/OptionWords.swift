import Basics
import Results

/// Options in the words of a reader who does not know their names.
enum OptionWords {
    /// What each value of `kind` is, by the section that it belongs to.
    private static let kinds: [String: [String: String]] = [
        "train.loss": ["focal": "the focal loss", "cross-entropy": "cross-entropy"],
        "train.pooling": [
            "gem": "generalised-mean (GeM) pooling", "average": "average pooling", "token": "the class token",
            "two-stage-gem": "GeM pooling of two stages", "dolg": "DOLG",
        ],
        "train.head": [
            "arcface": "ArcFace", "sub-centre": "sub-centre ArcFace", "linear": "a linear classifier without a margin",
        ],
        "train.optimizer": ["adamw": "AdamW", "adam": "Adam", "sgd": "stochastic gradient descent"],
        "match": [
            "off": "no matching of marks", "sift": "SIFT keypoints", "import": "imported keypoints",
        ],
        "split": [
            "image": "single photographs", "encounter": "whole encounters", "individual": "whole animals",
            "time": "date",
        ],
    ]

    /// What one number of an option counts.
    private static let counted: [String: (one: String, many: String)] = [
        "train.schedule.epochs": ("epoch", "epochs"), "seeds": ("seed", "seeds"),
    ]

    /// What a section is set to; the value itself if it has no words.
    static func kind(_ section: String, _ value: String) -> String { kinds[section]?[value] ?? value }

    /// Both values of a change, such as `21 epochs` and `42 epochs`; nil without words for them.
    static func values(_ change: RunEntry.Change) -> (old: String, new: String)? {
        if let words = counted[change.name], let old = count(change.old), let new = count(change.new), old != new {
            return (
                NumberText.counted(old, words.one, words.many), NumberText.counted(new, words.one, words.many)
            )
        }
        guard change.name.hasSuffix(".kind"), let words = kinds[String(change.name.dropLast(".kind".count))],
            let old = change.old?.string.flatMap({ words[$0] }), let new = change.new?.string.flatMap({ words[$0] })
        else { return nil }
        return (old, new)
    }

    private static func count(_ value: JSONValue?) -> Int? {
        value?.array?.count ?? value?.double.flatMap { Int(exactly: $0) }
    }

    /// Changes in words. The other options of a section whose kind changed belong to the kind and are left out.
    static func changes(_ changes: [RunEntry.Change], _ paths: RelativePaths) -> [String] {
        let replaced = changes.filter { $0.name.hasSuffix(".kind") && values($0) != nil }
            .map { String($0.name.dropLast(".kind".count)) }
        // The options of a network that was added or removed belong to it.
        let members = changes.filter { member($0) != nil }.map { String($0.name.dropLast(".name".count)) }
        return changes.compactMap { change in
            if let member = member(change) { return member }
            if change.lies(within: members) { return nil }
            if let words = values(change) {
                // The noun of a number is said once.
                let old = count(change.old).map { NumberText.thousands(Double($0)) }
                return "\(words.new) instead of \(old ?? words.old)"
            }
            return change.lies(within: replaced) ? nil : named(change.text(paths))
        }
    }

    /// A network that was added to the ensemble or removed from it; nil for another change.
    private static func member(_ change: RunEntry.Change) -> String? {
        guard change.name.wholeMatch(of: #/train\.members\.\d+\.name/#) != nil else { return nil }
        return switch (change.old?.string, change.new?.string) {
        case (nil, let name?): "another network, \(name)"
        case (let name?, nil): "no longer the network \(name)"
        default: nil
        }
    }

    /// A change of an option of a step of query extension, with the step in words; any other unchanged.
    private static func named(_ text: String) -> String {
        guard let match = text.prefixMatch(of: #/expand\.(\d+)\./#), let place = Int(match.1) else { return text }
        let step = place == 0 ? "" : ", step \(place + 1)"
        return "query extension\(step): \(text[match.range.upperBound...])"
    }
}
