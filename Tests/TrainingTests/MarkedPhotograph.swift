import Basics
import Networks
import Testing
import Torch

/// A square of weak noise, different for each photograph, with a small mark of its animal.
struct MarkedPhotograph {
    static let side = 128
    static let mark = 28
    static let animals = 3
    /// Red, green and blue within `[3, side, side]`.
    let values: [Float]
    let left: Int
    let top: Int

    init(animal: Int, number: Int) {
        let (side, mark) = (Self.side, Self.mark)
        var generator = SeededGenerator(seed: UInt64(number), "marked", "\(animal)")
        left = generator.integer(in: 0..<side - mark)
        top = generator.integer(in: 0..<side - mark)
        let tint = (0..<3).map { _ in generator.uniform(-0.3...0.3) }
        var values = (0..<3 * side * side).map { index in
            Float(tint[index / (side * side)] + generator.uniform(-0.2...0.2))
        }
        for y in 0..<mark {
            for x in 0..<mark {
                let isLight = animal == 0 ? x / 4 % 2 == 0 : animal == 1 ? y / 4 % 2 == 0 : (x / 5 + y / 5) % 2 == 0
                for channel in 0..<3 {
                    let sign: Float = (channel == animal) == isLight ? 1 : -1
                    values[(channel * side + top + y) * side + left + x] = 2 * sign
                }
            }
        }
        self.values = values
    }

    /// The share of a square that the mark covers.
    static var area: Double { Double(mark * mark) / Double(side * side) }

    /// The share of a map's heat within the mark.
    func share(of map: HeatMap) -> Double {
        func covered(_ cell: Int, of count: Int, from start: Int) -> Double {
            let size = Double(Self.side) / Double(count)
            let low = max(Double(cell) * size, Double(start))
            return max(0, min(Double(cell + 1) * size, Double(start + Self.mark)) - low) / size
        }
        let inside = map.values.enumerated().map { index, heat in
            heat * covered(index / map.width, of: map.height, from: top)
                * covered(index % map.width, of: map.width, from: left)
        }
        return inside.reduce(0, +) / max(map.values.reduce(0, +), .leastNonzeroMagnitude)
    }

    static func batch(_ photographs: [MarkedPhotograph]) throws -> Tensor {
        try Tensor(photographs.flatMap(\.values), shape: [photographs.count, 3, side, side]).channelsLast()
    }

    /// Trains a network to distinguish the animals by their marks.
    static func train(_ network: EmbeddingNetwork, in store: ParameterStore, width: Int, steps: Int, rate: Double)
        throws
    {
        let head = try ArcFace(
            width: width, counts: Array(repeating: 1, count: animals), margin: .fixed(0.1), scale: 16,
            in: store.root / "head")
        let optimizer = try Optimizer(
            .adamW, groups: [.init(name: "all", parameters: store.parameters.map(\.tensor), decay: 0.01)])
        let loss = FocalLoss(gamma: 0)
        let mode = Mode.training(Noise(SeededGenerator(seed: 1)))
        for step in 0..<steps {
            let labels = (0..<12).map { $0 % animals }
            let images = try batch(
                labels.enumerated().map { MarkedPhotograph(animal: $1, number: step * 12 + $0) })
            let logits = try head.logits(network(images, mode: mode), labels: labels, mode: mode)
            try loss(logits, labels: labels).backward()
            _ = try optimizer.clipGradients(to: 5)
            try optimizer.step { _ in rate * min(1, 2 * Double(steps - step) / Double(steps)) }
            try optimizer.clearGradients()
        }
    }
}
