import Basics
import Configuration

/// Chooses the photographs of an epoch and their order.
enum Sampler {
    /// Every photograph once, at random.
    case shuffle
    /// Batches with the same number of photographs of each of their animals.
    case balanced(images: Int)

    init(_ settings: SamplerSettings) {
        self =
            switch settings.kind {
            case .shuffle: .shuffle
            case .balanced: .balanced(images: settings.images)
            }
    }

    /// One photograph of an epoch.
    struct Draw: Equatable {
        let photograph: Int
        /// The number of times that the epoch had it before.
        var repetition = 0
    }

    /// The photographs of an epoch, batch after batch.
    ///
    /// `labels` has the class of each photograph. ``shuffle`` makes at most as many `batches` as the photographs fill.
    ///
    /// - Complexity: O(photographs drawn + photographs + batches · animals).
    func draws(
        labels: [Int], batches: Int, of batchSize: Int, using generator: inout SeededGenerator
    ) -> [Draw] {
        switch self {
        case .shuffle: generator.shuffled(labels.indices).prefix(batches * batchSize).map { Draw(photograph: $0) }
        case .balanced(let images):
            Self.balanced(labels, images, batches: batches, animals: batchSize / images, using: &generator)
        }
    }

    /// Animals take turns in a new order each round, so that all appear equally often, and none twice in a batch if
    /// there are enough. The photographs of each animal take turns too, and repeat if the animal has fewer than needed.
    ///
    /// Source: Hermans, Beyer, Leibe, arXiv 1703.07737 (P animals of K photographs each).
    private static func balanced(
        _ labels: [Int], _ images: Int, batches: Int, animals count: Int, using generator: inout SeededGenerator
    ) -> [Draw] {
        let members = Dictionary(grouping: labels.indices) { labels[$0] }
        let animals = members.keys.sorted()
        var waiting: [Int: [Int]] = [:]
        var repetitions: [Int: Int] = [:]
        var round: [Int] = []
        var draws: [Draw] = []
        for _ in 0..<batches {
            while round.count < count {
                // Animals still to come in this round come last in the next.
                let early = Set(round)
                let next = generator.shuffled(animals)
                round = next.filter(early.contains) + next.filter { !early.contains($0) } + round
            }
            for animal in round.suffix(count) {
                for _ in 0..<images {
                    if waiting[animal, default: []].isEmpty {
                        waiting[animal] = generator.shuffled(members[animal] ?? [])
                    }
                    guard let photograph = waiting[animal]?.popLast() else { break }
                    draws.append(Draw(photograph: photograph, repetition: repetitions[photograph, default: 0]))
                    repetitions[photograph, default: 0] += 1
                }
            }
            round.removeLast(count)
        }
        return draws
    }
}
