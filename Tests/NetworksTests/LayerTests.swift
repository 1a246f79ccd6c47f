import Basics
import Networks
import Testing
import Torch

struct LayerTests {
    @Test func `Layer norm gives each place mean 0 and deviation 1, in maps and in vectors`() throws {
        let store = ParameterStore(seed: 1)
        let values = (0..<48).map { Float(($0 * 7) % 11) }
        let maps = try Tensor(values, shape: [2, 4, 3, 2])
        let ofMaps = try LayerNorm(4, epsilon: 1e-6, of: .maps, in: store.root / "maps")
        let ofVectors = try LayerNorm(4, epsilon: 1e-6, in: store.root / "vectors")
        let expected = try maps.floats().indices.map { index in
            let (photograph, place) = (index / 24, index % 6)
            let channels = (0..<4).map { Double(values[photograph * 24 + $0 * 6 + place]) }
            let mean = channels.reduce(0, +) / 4
            let variance = channels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
            return (Double(values[index]) - mean) / (variance + 1e-6).squareRoot()
        }
        let results = try [
            ofMaps(maps, mode: .evaluation), ofMaps(maps.channelsLast(), mode: .evaluation),
            ofVectors(maps.permuted([0, 2, 3, 1]), mode: .evaluation).permuted([0, 3, 1, 2]),
        ]
        for result in results {
            #expect(result.shape == maps.shape)
            // Rounding of float32 for numbers near 1.
            for (value, wanted) in zip(try result.doubles(), expected) { #expect(abs(value - wanted) < 1e-5) }
        }
    }

    @Test func `Stochastic depth drops whole photographs, keeps the expectation, and is off in evaluation`() throws {
        let layer = StochasticDepth(rate: 0.25)
        let ones = try Tensor(repeating: 1, shape: [4000, 2, 3])
        let zeros = try Tensor(repeating: 0, shape: ones.shape)
        #expect(try layer.sum(zeros, ones, mode: .evaluation).floats() == ones.floats())
        let training = { Mode.training(Noise(SeededGenerator(seed: 3))) }
        let dropped = try layer.sum(zeros, ones, mode: training()).floats()
        for start in stride(from: 0, to: dropped.count, by: 6) {
            #expect(Set(dropped[start..<(start + 6)]).count == 1)
        }
        #expect(Set(dropped) == [0, Float(1 / 0.75)])
        let kept = Double(dropped.count { $0 > 0 }) / Double(dropped.count)
        // Five standard deviations of a share of 4,000 draws.
        #expect(abs(kept - 0.75) < 5 * (0.25 * 0.75 / 4000).squareRoot())

        let scale = try Tensor([1, 2, 3], shape: [3])
        let scaled = try layer.sum(ones, ones, scaledBy: scale, mode: training()).floats()
        // Rounding of one sum.
        for (index, value) in scaled.enumerated() {
            #expect(abs(value - (1 + dropped[index] * Float(index % 3 + 1))) < 1e-6)
        }
    }

    @Test func `Rates of stochastic depth rise linearly from 0`() {
        #expect(StochasticDepth.rates(count: 5, last: 0.2) == [0, 0.05, 0.1, 0.2 * 3 / 4, 0.2])
        #expect(StochasticDepth.rates(count: 1, last: 0.2) == [0])
    }
}
