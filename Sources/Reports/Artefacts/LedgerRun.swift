import Basics

/// A run of the ledger as documents tell of it.
struct LedgerRun: Equatable {
    /// An option whose value is another than in the parent.
    struct Change: Equatable {
        let name: String
        let old: String
        let new: String

        /// - Parameter paths: Applied before long values are cut.
        func text(_ paths: RelativePaths) -> String {
            let values = [old, new].map { value in
                let text = paths.shortened(value)
                return text.count > Self.longest ? text.prefix(Self.longest - 1) + "…" : text
            }
            return "\(name) \(values[0]) → \(values[1])"
        }

        private static let longest = 40
    }

    let number: Int
    let parent: Int?
    let tags: [String]
    /// ISO 8601.
    let startedAt: String?
    let seconds: Double?
    /// mAP@20 over all queries; nil where the run has no evaluation.
    let map: Double?
    let reason: String?
    /// `finished`, `failed` or `interrupted`.
    let outcome: String
    let failure: String?
    let changes: [Change]
    /// The contents of its splits, and so of the photographs that were parted, by digest.
    let splits: [String]
    /// Whether the run had options of its own and stands beside the main line.
    let isVariant: Bool

    /// The runs of a ledger, the oldest first; what has no number is no run.
    static func runs(in ledger: JSONValue) -> [LedgerRun] {
        (ledger.array ?? []).compactMap(LedgerRun.init).sorted { $0.number < $1.number }
    }

    private init?(_ json: JSONValue) {
        guard let number = json["number"]?.integer else { return nil }
        self.number = number
        parent = json["parent"]?.integer
        tags = json["tags"]?.array?.compactMap(\.string) ?? []
        startedAt = json["started_at"]?.string
        seconds = json["seconds"]?.double
        map = json[path: "metrics.map"]?.double
        reason = json["reason"]?.string
        outcome = json["outcome"]?.string ?? "finished"
        failure = json["failure"]?.string
        changes = (json["changes"]?.array ?? []).map { change in
            Change(
                name: change["name"]?.string ?? "", old: Self.words(change["old"]), new: Self.words(change["new"]))
        }
        splits = (json["nodes"]?.array ?? []).filter { $0["stage"]?.string == "split" }
            .compactMap { $0["output_digest"]?.string }
        isVariant = json["settings"]?.array?.isEmpty == false
    }

    private static func words(_ value: JSONValue?) -> String {
        guard let value, value != .null else { return "none" }
        return value.string ?? value.canonicalText
    }

    /// Whether the run answered other questions than its parent, so that their scores say nothing of each other.
    var asksOtherwise: Bool {
        changes.contains { change in
            ["data", "scenarios", "split", "search.k"].contains { change.name == $0 || change.name.hasPrefix($0 + ".") }
        }
    }
}
