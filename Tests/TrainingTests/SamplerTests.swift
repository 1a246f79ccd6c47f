import Basics
import Testing

@testable import Training

struct SamplerTests {
    /// Six animals of 1 to 11 photographs.
    private static let labels = (0..<6).flatMap { Array(repeating: $0, count: 2 * $0 + 1) }

    private static func draws(_ sampler: Sampler, batches: Int, of size: Int, seed: UInt64 = 1) -> [Sampler.Draw] {
        var generator = SeededGenerator(seed: seed)
        return sampler.draws(labels: labels, batches: batches, of: size, using: &generator)
    }

    @Test func `Shuffling has each photograph at most once, in an order given by the seed`() {
        let draws = Self.draws(.shuffle, batches: 4, of: 8)
        #expect(draws.count == 32 && Set(draws.map(\.photograph)).count == 32)
        #expect(draws.allSatisfy { $0.repetition == 0 })
        #expect(Self.draws(.shuffle, batches: 4, of: 8) == draws)
        #expect(Self.draws(.shuffle, batches: 4, of: 8, seed: 2) != draws)
    }

    @Test func `A balanced batch has equally many photographs of each of its animals`() {
        let draws = Self.draws(.balanced(images: 3), batches: 30, of: 12)
        #expect(draws.count == 30 * 12)
        for batch in 0..<30 {
            let own = draws[batch * 12..<(batch + 1) * 12].map { Self.labels[$0.photograph] }
            let counts = Dictionary(grouping: own) { $0 }.mapValues(\.count)
            #expect(counts.count == 4 && counts.values.allSatisfy { $0 == 3 }, "batch \(batch): \(own)")
        }
        // Thirty batches of four animals are twenty rounds of six.
        let turns = Dictionary(grouping: draws) { Self.labels[$0.photograph] }.mapValues { $0.count / 3 }
        #expect(turns.values.allSatisfy { $0 == 20 }, "\(turns)")
    }

    @Test func `An animal's photographs take turns, and each repetition is counted`() {
        let draws = Self.draws(.balanced(images: 3), batches: 30, of: 12)
        for animal in 0..<6 {
            let own = draws.filter { Self.labels[$0.photograph] == animal }
            let counts = Dictionary(grouping: own, by: \.photograph).mapValues(\.count)
            #expect(counts.count == 2 * animal + 1)
            #expect((counts.values.max() ?? 0) - (counts.values.min() ?? 0) <= 1)
            for (photograph, count) in counts {
                #expect(own.filter { $0.photograph == photograph }.map(\.repetition) == Array(0..<count))
            }
        }
    }

    @Test func `If a batch needs more animals than there are, they repeat`() {
        let draws = Self.draws(.balanced(images: 2), batches: 3, of: 20)
        #expect(draws.count == 60)
        for batch in 0..<3 {
            #expect(Set(draws[batch * 20..<(batch + 1) * 20].map { Self.labels[$0.photograph] }).count == 6)
        }
    }
}
