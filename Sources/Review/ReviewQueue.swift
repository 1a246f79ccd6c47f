import Basics
import Foundation
import Results

/// Pairs in the order in which they are worth a person's time.
public struct ReviewQueue: Sendable {
    let pairs: [ReviewPair]
    /// The pairs of each group, by position.
    let groups: [[Int]]
    /// The group of each pair.
    let groupOf: [Int]
    private let subjects: [PairQuestion.Subject: [Int]]
    /// The number of pairs left out because a name has a line break, which the file of decisions cannot hold.
    public let unwritable: Int

    /// Orders pairs: first the groups whose first pair is worth most, the candidates of a query by rank. Pairs that ask
    /// the same occur once.
    public init(_ unordered: [ReviewPair]) {
        let writable = unordered.filter(\.question.isWritable)
        unwritable = unordered.count - writable.count
        var places: [ReviewPair.Group: Int] = [:]
        var collected: [[ReviewPair]] = []
        var seen: Set<PairQuestion.Subject> = []
        for pair in writable where seen.insert(pair.question.subject).inserted {
            if let place = places[pair.group] {
                collected[place].append(pair)
            } else {
                places[pair.group] = collected.count
                collected.append([pair])
            }
        }
        let worths = collected.map { group in group.min { $0.rank < $1.rank }?.worth ?? 0 }
        let order = collected.indices.sorted { (-worths[$0], $0) < (-worths[$1], $1) }
        var pairs: [ReviewPair] = []
        var groups: [[Int]] = []
        var groupOf: [Int] = []
        for (group, place) in order.enumerated() {
            let own = collected[place].enumerated().sorted {
                ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
            }.map(\.element)
            groups.append(Array(pairs.count..<pairs.count + own.count))
            groupOf += own.map { _ in group }
            pairs += own
        }
        self.pairs = pairs
        self.groups = groups
        self.groupOf = groupOf
        subjects = Dictionary(grouping: pairs.indices) { pairs[$0].question.subject }
    }

    /// The number of pairs.
    public var count: Int { pairs.count }

    /// The pairs that a decision about `subject` decides.
    func positions(of subject: PairQuestion.Subject) -> [Int] { subjects[subject] ?? [] }
}

/// The part of a queue that a person asked for; an empty choice takes all.
struct ReviewFilter: Sendable, Equatable {
    /// The pairs by what was decided.
    enum Choice: String, CaseIterable {
        case open, decided, disputed, unclear, all
        /// Decided by others, but not by the person.
        case second
    }

    var choice = Choice.open
    var source = ""
    var view = ""
    var year = ""
    var place = ""
    var cause = ""
    /// A tenth of the probability, `0` to `9`, or `none`.
    var probability = ""

    /// Reads the values of an address; unknown ones take all.
    init(_ query: [String: String] = [:]) {
        choice = query["state"].flatMap { Choice(rawValue: $0) } ?? .open
        (source, view, year) = (query["source"] ?? "", query["view"] ?? "", query["year"] ?? "")
        (place, cause, probability) = (query["place"] ?? "", query["cause"] ?? "", query["probability"] ?? "")
    }
}

/// The properties of pairs by which they are filtered, each as a number, so that a hundred thousand take a millisecond.
struct ReviewFacets: Sendable {
    /// One property.
    struct Facet: Sendable {
        /// The different values, sorted; pairs without a value have "".
        let values: [String]
        let numbers: [Int32]

        init(_ texts: [String]) {
            values = Set(texts).sorted()
            let places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) })
            numbers = texts.map { places[$0] ?? 0 }
        }

        /// The number to look for; nil for all, -1 if no pair has the value.
        func wanted(_ value: String) -> Int32? {
            value.isEmpty ? nil : Int32(values.firstIndex(of: value) ?? -1)
        }
    }

    let source, view, year, place, cause, probability: Facet

    init(_ queue: ReviewQueue, _ photographs: ReviewPhotographs) {
        func facet(_ text: (ReviewPair, ReviewPhotograph?, ReviewPhotograph?) -> String?) -> Facet {
            Facet(
                queue.pairs.map { pair in
                    text(pair, photographs[pair.question.queryImageID], photographs[pair.question.imageID]) ?? ""
                })
        }
        source = facet { pair, _, _ in pair.question.source.rawValue }
        view = facet { _, query, candidate in
            [query, candidate].compactMap { $0?.viewpoint }.first { $0 != .unknown }?.rawValue
        }
        year = facet { _, _, candidate in candidate?.year }
        place = facet { _, _, candidate in candidate?.place }
        cause = facet { pair, _, _ in pair.cause }
        probability = facet { pair, _, _ in
            pair.question.probability.map { String(min(9, Int($0 * 10))) } ?? "none"
        }
    }

    /// The pairs that a filter selects, whatever was decided.
    func selection(_ filter: ReviewFilter) -> (Int) -> Bool {
        let tests: [(numbers: [Int32], wanted: Int32)] = [
            (source, filter.source), (view, filter.view), (year, filter.year), (place, filter.place),
            (cause, filter.cause), (probability, filter.probability),
        ].compactMap { facet, value in facet.wanted(value).map { (facet.numbers, $0) } }
        return { position in tests.allSatisfy { $0.numbers[position] == $0.wanted } }
    }
}
