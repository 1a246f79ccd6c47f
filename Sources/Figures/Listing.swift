/// Lists in sentences, short enough to be listened to.
enum Listing {
    private static let limit = 12

    /// The entries with semicolons between, of a long list the first ones and how many follow.
    static func sentence(_ entries: [String]) -> String {
        let more = entries.count > limit ? "; and \(entries.count - limit) more" : ""
        return entries.prefix(limit).joined(separator: "; ") + more + "."
    }
}
