import Foundation

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
    private let expressions: [NSRegularExpression]

    /// - Throws: ``PathPatternError``.
    init(_ patterns: [PathPattern]) throws {
        self.patterns = patterns
        expressions = try patterns.map {
            try NSRegularExpression(pattern: PathPattern.expression(of: $0.path), options: .caseInsensitive)
        }
    }

    /// What the first pattern that matches says, of each thing by itself.
    ///
    /// - Parameter path: Below the animal's folder, with a slash before it.
    func reading(of path: String) -> Reading {
        var reading = Reading()
        let range = NSRange(path.startIndex..., in: path)
        for (position, expression) in expressions.enumerated() {
            let pattern = patterns[position]
            let wanted =
                reading.viewpoint == nil && (pattern.viewpoint != nil || pattern.placeholders.contains(.viewpoint))
                || reading.date == nil && pattern.placeholders.contains(.date)
                || reading.encounter == nil && pattern.placeholders.contains(.encounter)
            guard wanted, let match = expression.firstMatch(in: path, range: range) else { continue }
            func capture(_ placeholder: PathPattern.Placeholder) -> String? {
                guard pattern.placeholders.contains(placeholder) else { return nil }
                return Range(match.range(withName: placeholder.rawValue), in: path).map { String(path[$0]) }
            }
            func keep<Value>(_ value: Value?, _ place: WritableKeyPath<Reading, Value?>) {
                guard let value, reading[keyPath: place] == nil else { return }
                reading[keyPath: place] = value
                reading.sources.insert(position)
            }
            keep(pattern.viewpoint ?? capture(.viewpoint).map(Self.viewpoint), \.viewpoint)
            keep(capture(.date).flatMap(Self.time), \.date)
            keep(capture(.encounter), \.encounter)
        }
        return reading
    }

    private static func viewpoint(_ word: String) -> Viewpoint {
        word.lowercased() == "dorsal" ? .top : Viewpoint(fromAbove: word)
    }

    /// `2020-01-05`, `2020_01_05`, `20200105`, or `2020-01`; nil for a day that no calendar has.
    private static func time(_ text: String) -> CaptureTime? {
        let digits = text.filter(\.isNumber)
        guard digits.count >= 6 else { return nil }
        let parts = [digits.prefix(4), digits.dropFirst(4).prefix(2), digits.dropFirst(6)].map { Int($0) }
        guard let year = parts[0] else { return nil }
        return CaptureTime(year: year, month: parts[1], day: digits.count == 8 ? parts[2] : nil)
    }
}
