import Basics
import Configuration
import Foundation
import Jobs
import Networks
import Results
import Torch

/// A perceptron with one hidden layer, added to its input and scaled to unit length.
///
/// It starts as the identity, so that an untrained adapter changes nothing.
///
/// Source: He et al., CVPR 2016 (residual learning).
struct CrossViewAdapter: Layer {
    private let hidden: Linear
    private let output: Linear

    /// Creates the layer from `[N, width]` to unit rows `[N, width]`.
    init(width: Int, hidden count: Int, in scope: ParameterScope) throws {
        hidden = try Linear(width, count, in: scope / "hidden")
        output = try Linear(count, width, weights: .constant(0), in: scope / "output")
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        try (input + output(hidden(input, .gelu, mode: mode), mode: mode)).unitLength()
    }
}

/// Trains the adapters of both directions at once: in a batch, an animal's nearest neighbour should be its own other
/// view.
///
/// Source: van den Oord, Li, Vinyals, arXiv 1807.03748 (the loss, InfoNCE).
struct AdapterTraining {
    private let embeddings: NPYMatrix
    private let animals: [AdapterJob.Animal]
    private let settings: AdapterSettings
    private let seed: UInt64
    private let toLateral: CrossViewAdapter
    private let toTop: CrossViewAdapter
    private let optimizer: Optimizer
    private let loss = FocalLoss(gamma: 0)

    /// The number of animals of a step. It should be large, since each is contrasted with the others; none is drawn
    /// twice.
    private static let batchSize = 128

    /// Prepares the training on embeddings `[N, C]` with rows of unit length, and on at least two animals, each with
    /// rows of both views.
    init(_ embeddings: NPYMatrix, animals: [AdapterJob.Animal], settings: AdapterSettings, seed: Int) throws {
        self.embeddings = embeddings
        self.animals = animals
        self.settings = settings
        self.seed = UInt64(bitPattern: Int64(seed))
        let store = ParameterStore(seed: seed)
        let width = embeddings.columns
        toLateral = try CrossViewAdapter(width: width, hidden: settings.hidden, in: store.root / "lateral")
        toTop = try CrossViewAdapter(width: width, hidden: settings.hidden, in: store.root / "top")
        optimizer = try Optimizer(
            .adamW,
            groups: [
                .init(name: "bridge", parameters: store.parameters.map(\.tensor), decay: settings.weightDecay)
            ])
    }

    /// Takes all steps; the learning rate falls to 0 along half a cosine.
    ///
    /// - Parameter report: Receives the number of steps done and the loss of the last.
    /// - Returns: The mean loss of both directions in the last tenth of the steps.
    /// - Throws: ``AdapterError/notFinite(step:)``, ``TorchError``.
    func run(report: (_ done: Int, _ loss: Double) -> Void) throws -> Double {
        var last: [Double] = []
        for step in 0..<settings.steps {
            let value = try self.step(step)
            guard value.isFinite else { throw AdapterError.notFinite(step: step + 1) }
            if step >= settings.steps * 9 / 10 { last.append(value) }
            report(step + 1, value)
        }
        return last.reduce(0, +) / Double(last.count)
    }

    private func step(_ number: Int) throws -> Double {
        var generator = SeededGenerator(seed: seed, "bridge", "\(number)")
        let drawn = generator.shuffled(animals).prefix(Self.batchSize)
        let top = try rows(drawn.map { $0.top[generator.integer(in: $0.top.indices)] })
        let lateral = try rows(drawn.map { $0.lateral[generator.integer(in: $0.lateral.indices)] })
        let mode = Mode.training(Noise(generator))
        let labels = Array(drawn.indices)
        let both = try [(toLateral, top, lateral), (toTop, lateral, top)].map { bridge, from, to in
            try loss(bridge(from, mode: mode).matmul(to.transposed()) / settings.temperature, labels: labels)
        }
        let value = try (both[0] + both[1]) / 2
        try value.backward()
        let share = (1 + cos(.pi * Double(number) / Double(settings.steps))) / 2
        try optimizer.step { _ in settings.learningRate * share }
        try optimizer.clearGradients()
        return try value.item()
    }

    /// Every row mapped to each view, of unit length.
    func mapped() throws -> (lateral: NPYMatrix, top: NPYMatrix) {
        let all = try rows(Array(0..<embeddings.rows))
        func mapped(_ bridge: CrossViewAdapter) throws -> NPYMatrix {
            NPYMatrix(
                rows: embeddings.rows, columns: embeddings.columns, values: try bridge(all, mode: .evaluation).floats())
        }
        return (try mapped(toLateral), try mapped(toTop))
    }

    private func rows(_ selection: [Int]) throws -> Tensor {
        let width = embeddings.columns
        let values = selection.flatMap { Array(embeddings.values[$0 * width..<($0 + 1) * width]) }
        return try Tensor(values, shape: [selection.count, width])
    }
}

/// The reason why an adapter could not be trained.
enum AdapterError: Error, Equatable, CustomStringConvertible {
    case notFinite(step: Int)

    var description: String {
        switch self {
        case .notFinite(let step):
            "The loss of the bridge is not finite in step \(step). Lower bridge.learning-rate, or raise "
                + "bridge.temperature."
        }
    }
}

extension AdapterJob {
    /// Trains both directions and writes the files of both.
    ///
    /// - Throws: ``FileError``, ``TorchError``, an error that names the step in which the loss is not finite.
    public func perform(report: (Event) -> Void) throws {
        let matrix = try NPYMatrix.read(URL(filePath: embeddings))
        let training = try AdapterTraining(matrix, animals: animals, settings: settings, seed: seed)
        let loss = try training.run { done, loss in
            guard done.isMultiple(of: Self.reportedSteps) || done == settings.steps else { return }
            report(
                .progress(
                    done: done, total: settings.steps, unit: "steps", rate: nil,
                    note: "loss \(NumberText.fixed(loss, 3))"))
        }
        let mapped = try training.mapped()
        let folder = URL(filePath: output)
        try AdapterFiles.lateral.write(mapped.lateral, in: folder)
        try AdapterFiles.top.write(mapped.top, in: folder)
        report(.finished(facts: try JSONValue(encoding: Facts(loss: loss))))
    }

    /// Steps between two progress events, since a step takes milliseconds.
    private static let reportedSteps = 20
}
