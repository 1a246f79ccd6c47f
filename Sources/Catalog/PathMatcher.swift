/// Some patterns, ready to be matched against many paths.
struct PathMatcher {
    /// What a path says of its photograph.
    struct Reading: Equatable {
        var viewpoint: Viewpoint?
        var date: CaptureTime?
        var encounter: String?
        /// The positions of the patterns that said it.
        var sources: Set<Int> = []
    }

    let patterns: [PathPattern]
    private let parts: [[PathPattern.Part]]

    /// - Throws: ``PathPatternError``.
    init(_ patterns: [PathPattern]) throws {
        self.patterns = patterns
        parts = try patterns.map { try PathPattern.parts(of: $0.path) }
    }

    /// What the first pattern that matches says, of each thing by itself.
    ///
    /// - Parameter path: Below the animal's folder, with a slash before it.
    /// - Complexity: O(patterns · parts · length) and, behind a star, the square of the length at worst.
    func reading(of path: String) -> Reading {
        var reading = Reading()
        let original = Array(path.unicodeScalars)
        let folded = original.map(\.folded)
        for (position, parts) in parts.enumerated() {
            let pattern = patterns[position]
            let wanted =
                reading.viewpoint == nil && (pattern.viewpoint != nil || pattern.placeholders.contains(.viewpoint))
                || reading.date == nil && pattern.placeholders.contains(.date)
                || reading.encounter == nil && pattern.placeholders.contains(.encounter)
            guard wanted else { continue }
            var attempt = Attempt(parts: parts, path: folded)
            guard attempt.matches() else { continue }
            func keep<Value>(_ value: Value?, _ place: WritableKeyPath<Reading, Value?>) {
                guard let value, reading[keyPath: place] == nil else { return }
                reading[keyPath: place] = value
                reading.sources.insert(position)
            }
            keep(pattern.viewpoint ?? attempt.viewpoint, \.viewpoint)
            keep(attempt.date, \.date)
            keep(
                attempt.encounter.map { range in
                    var scalars = String.UnicodeScalarView()
                    scalars.append(contentsOf: original[range])
                    return String(scalars)
                }, \.encounter)
        }
        return reading
    }
}

/// One pattern against one path. A star takes as much as it can, an encounter as little.
private struct Attempt {
    let parts: [PathPattern.Part]
    let path: [Unicode.Scalar]
    private(set) var viewpoint: Viewpoint?
    private(set) var date: CaptureTime?
    private(set) var encounter: Range<Int>?
    /// Where a part and all behind it were tried in vain: without it many stars would take years.
    private var failed: [Bool]

    init(parts: [PathPattern.Part], path: [Unicode.Scalar]) {
        self.parts = parts
        self.path = path
        failed = [Bool](repeating: false, count: parts.count * (path.count + 1))
    }

    mutating func matches() -> Bool { matches(0, at: 0) }

    private mutating func matches(_ part: Int, at position: Int) -> Bool {
        guard part < parts.count else { return position == path.count }
        let state = part * (path.count + 1) + position
        guard !failed[state] else { return false }
        let found =
            switch parts[part] {
            case .text(let text):
                path[position...].starts(with: text) && matches(part + 1, at: position + text.count)
            case .oneOf(let choices):
                position < path.count && choices.contains(path[position]) && matches(part + 1, at: position + 1)
            case .anything: matchesAnything(part, at: position)
            case .placeholder(.encounter): matchesEncounter(part, at: position)
            case .placeholder(.date):
                if let found = PathDate(at: position, of: path), matches(part + 1, at: found.end) {
                    keep(found.time)
                } else {
                    false
                }
            case .placeholder(.viewpoint):
                if let found = ViewWord(at: position, of: path), matches(part + 1, at: found.end) {
                    keep(found.viewpoint)
                } else {
                    false
                }
            }
        if !found { failed[state] = true }
        return found
    }

    private mutating func matchesAnything(_ part: Int, at position: Int) -> Bool {
        if part + 1 == parts.count { return true }
        for end in (position...path.count).reversed() where matches(part + 1, at: end) { return true }
        return false
    }

    private mutating func matchesEncounter(_ part: Int, at position: Int) -> Bool {
        var end = position
        while end < path.count, path[end] != "/" {
            end += 1
            guard matches(part + 1, at: end) else { continue }
            encounter = position..<end
            return true
        }
        return false
    }

    private mutating func keep(_ time: CaptureTime) -> Bool {
        date = time
        return true
    }

    private mutating func keep(_ view: Viewpoint) -> Bool {
        viewpoint = view
        return true
    }
}
