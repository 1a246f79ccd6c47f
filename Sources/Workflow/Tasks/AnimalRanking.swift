import Algorithms
import Catalog
import Retrieval

/// Ranks the animals of a catalogue for new photographs, by each animal's photographs.
///
/// An animal's score for a photograph follows the question's rule. For photographs queried together it is the mean over
/// those that could be compared with the animal.
struct AnimalRanking {
    /// The result for one photograph, or for several together.
    struct Answer {
        /// The candidates, the likeliest first, at most the requested number.
        let candidates: [Identified.Candidate]
        /// The greatest similarity of an animal's nearest photograph, which calibration uses; for photographs queried
        /// together the greatest mean. Nil if nothing was compared.
        let nearest: Double?
    }

    private let known: LabelledEmbeddings
    private let question: IdentificationQuestion
    private let animals: [String]
    /// The animal of each row; nil for rows without a name.
    private let groups: [Int?]
    /// The side of each row.
    private let views: [Viewpoint]
    /// The number of named animals without a photograph from the queried side.
    let withoutView: Int

    /// The number of photographs listed for an animal.
    private static let examples = 3
    /// The number of photographs ranked at a time, which limits memory.
    private static let block = 64

    /// Chooses the photographs to compare.
    init(_ known: LabelledEmbeddings, of catalog: Catalog, _ question: IdentificationQuestion) {
        self.known = known
        self.question = question
        let photographs = known.ids.map { catalog[$0] }
        animals = Set(photographs.compactMap { $0?.whaleID }).sorted()
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        groups = photographs.map { photograph in
            photograph?.whaleID.flatMap { number[$0] }
        }
        views = photographs.map { $0?.viewpoint ?? .unknown }
        let inView = zip(groups, views).filter { Self.isComparable($1, with: question.viewpoint) }.map(\.0)
        withoutView = animals.count - Set(inView.compactMap(\.self)).count
    }

    /// Whether a photograph's side may be the same as another's; nil is comparable with all.
    private static func isComparable(_ view: Viewpoint, with other: Viewpoint?) -> Bool {
        guard let other, other != .unknown else { return true }
        return view == other || view == .unknown
    }

    /// Ranks the animals for new photographs.
    ///
    /// - Parameters:
    ///   - asked: The new photographs, one per row.
    ///   - views: The side of each; nil compares it with all.
    ///   - own: For each, the rows of the catalogue with the same file, which are left out of its matches.
    ///   - marks: Their matched marks, which then rank together with the similarity; nil ranks by similarity alone.
    /// - Returns: One result for each photograph, or one for all together.
    /// - Throws: ``RetrievalError``.
    /// - Complexity: O(Q·D·C + Q·D log D) time, O(block·D) memory, with Q new photographs and D in the catalogue.
    func answers(
        to asked: LabelledEmbeddings, from views: [Viewpoint?], own: [Set<Int>], marks: MarkComparison.Scores? = nil
    ) throws -> [Answer] {
        let rows = Array(asked.ids.indices)
        var found: [Found] = []
        for start in stride(from: 0, to: rows.count, by: Self.block) {
            let part = rows[start..<min(start + Self.block, rows.count)]
            let set = try RetrievalSet(queries: asked.matrix.selecting(rows: part), database: known.matrix)
            for (row, neighbours) in zip(part, try set.neighbours(count: max(known.ids.count, 1))) {
                func nearest(_ ranked: [Neighbour]) -> [[Neighbour]] {
                    self.nearest(of: ranked, from: views[row], leavingOut: own[row])
                }
                let similar = nearest(neighbours)
                found.append(
                    Found(similar: similar, ranked: marks.map { nearest($0.ranked(neighbours, of: row)) } ?? similar))
            }
        }
        return question.together ? [answer(found)] : found.map { answer([$0]) }
    }

    /// The nearest photographs of each animal to one new photograph, by the animal's number; none if it was not compared.
    private struct Found {
        /// By similarity, on which the probability of a new animal was fitted.
        let similar: [[Neighbour]]
        /// By what ranks.
        let ranked: [[Neighbour]]
    }

    /// The nearest photographs of each animal, as many as are listed or counted.
    private func nearest(
        of neighbours: [Neighbour], from view: Viewpoint?, leavingOut own: Set<Int>
    ) -> [[Neighbour]] {
        let most = max(Self.examples, question.rule.counted)
        var result: [[Neighbour]] = Array(repeating: [], count: animals.count)
        for neighbour in neighbours {
            guard let animal = groups[neighbour.row], result[animal].count < most, !own.contains(neighbour.row),
                Self.isComparable(views[neighbour.row], with: view)
            else { continue }
            result[animal].append(neighbour)
        }
        return result
    }

    /// The result for new photographs, from the nearest photographs of each animal for each of them.
    private func answer(_ found: [Found]) -> Answer {
        /// The mean over the photographs compared with an animal, of the mean score of its nearest ones.
        func score(_ animal: Int, counting count: Int, in lists: [[[Neighbour]]]) -> Double? {
            var (sum, compared) = (0.0, 0)
            for list in lists where !list[animal].isEmpty {
                let counted = list[animal].prefix(count)
                sum += counted.reduce(0) { $0 + Double($1.score) } / Double(counted.count)
                compared += 1
            }
            return compared > 0 ? sum / Double(compared) : nil
        }
        let (similar, lists) = (found.map(\.similar), found.map(\.ranked))
        var ranked: [(animal: Int, score: Double)] = []
        var nearest: Double?
        for animal in animals.indices {
            if let score = score(animal, counting: question.rule.counted, in: lists) { ranked.append((animal, score)) }
            if let score = score(animal, counting: 1, in: similar) { nearest = max(nearest ?? score, score) }
        }
        let best = ranked.min(count: question.count) { ($1.score, $0.animal) < ($0.score, $1.animal) }
        return Answer(
            candidates: best.map { entry in
                Identified.Candidate(
                    whaleID: animals[entry.animal], score: entry.score,
                    photographs: examples(lists.map { $0[entry.animal] }))
            },
            nearest: nearest)
    }

    /// The nearest photographs to any of the new ones, each once.
    private func examples(_ found: [[Neighbour]]) -> [Identified.Example] {
        let best = Dictionary(found.joined().map { ($0.row, $0.score) }, uniquingKeysWith: max)
        return best.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.examples)
            .map { .init(id: known.ids[$0.key], score: Double($0.value)) }
    }
}
