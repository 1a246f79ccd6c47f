import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Results
import Retrieval
import Testing

@testable import CrossView
@testable import Workflow

/// Animals whose flank embeddings are their top embeddings under one fixed rotation, which a network can learn but a
/// cosine cannot see.
@Suite struct AdapterTests {
    private static let width = 16
    private static let animals = 120
    /// The first half trains, the other half are queries.
    private static let trained = 60
    /// The number of photographs of each view.
    private static let photographs = 3
    private static let perAnimal = 2 * photographs
    private static let settings = AdapterSettings {
        $0.kind = .mlp
        $0.hidden = 128
        $0.steps = 400
    }

    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "bridge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func `A bridge learns the rotation between two views and works for animals that it never saw`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try run(Self.embeddings())
        let effect = try effect(weight: 1)
        for direction in AdapterRow.Direction.allCases {
            let part = try #require(effect.directions[direction])
            #expect(part.queries == (Self.animals - Self.trained) * Self.photographs)
            #expect(part.plain.mean < 0.2, "\(part.plain.mean)")
            #expect(part.bridged.mean > 0.95, "\(part.bridged.mean)")
        }
    }

    @Test func `A weight of 0 is the plain similarity`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try run(Self.embeddings(), steps: 2)
        let both = try #require(try effect(weight: 0).both)
        #expect(both.plain == both.bridged)
        #expect(both.difference.mean == 0)
    }

    @Test func `The same seed gives the same bytes, another seed others`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        func files(seed: Int) throws -> [Data] {
            try run(Self.embeddings(), steps: 20, seed: seed)
            return try [AdapterFiles.lateral.name, AdapterFiles.top.name].map {
                try Data(contentsOf: folder.appending(path: $0))
            }
        }
        let first = try files(seed: 3)
        #expect(try files(seed: 3) == first)
        #expect(try files(seed: 4) != first)
    }

    @Test func `Animals that do not train do not affect a bridge`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let rows = Self.trained * Self.perAnimal * Self.width
        func mapped(_ embeddings: NPYMatrix) throws -> [Float] {
            try run(embeddings, steps: 20)
            return Array(try NPYMatrix.read(AdapterFiles.lateral.url(in: folder)).values.prefix(rows))
        }
        let embeddings = Self.embeddings()
        let others = NPYMatrix(
            rows: embeddings.rows, columns: embeddings.columns,
            values: Array(embeddings.values.prefix(rows)) + embeddings.values.dropFirst(rows).map { -$0 })
        #expect(try mapped(others) == mapped(embeddings))
    }

    @Test func `An untrained bridge does not change any row`() throws {
        let embeddings = Self.embeddings()
        let training = try AdapterTraining(embeddings, animals: Self.training, settings: Self.settings, seed: 1)
        // Scaling a unit row to unit length again changes the last bit.
        let mapped = try training.mapped()
        for matrix in [mapped.lateral, mapped.top] {
            #expect(zip(matrix.values, embeddings.values).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test func `The error for a loss that is not finite names the step and what to lower`() throws {
        var settings = Self.settings
        settings.learningRate = 1e20
        let training = try AdapterTraining(Self.embeddings(), animals: Self.training, settings: settings, seed: 1)
        let error = try #require(throws: AdapterError.self) { _ = try training.run { _, _ in } }
        #expect("\(error)".contains("Lower bridge.learning-rate"))
    }

    // MARK: Animals

    /// The rows: each animal's top views, then its flanks.
    private static func embeddings() -> NPYMatrix {
        var turning = SeededGenerator(seed: 9, "rotation")
        let rotation = orthonormal((0..<width).map { _ in (0..<width).map { _ in turning.normal() } })
        var values: [Float] = []
        for animal in 0..<animals {
            var generator = SeededGenerator(seed: 9, "animal", "\(animal)")
            let centre = (0..<width).map { _ in generator.normal() }
            for photograph in 0..<perAnimal {
                let vector = centre.map { $0 + generator.normal(deviation: 0.15) }
                let seen =
                    photograph < photographs
                    ? vector : rotation.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
                values += unit(seen).map { Float($0) }
            }
        }
        return NPYMatrix(rows: animals * perAnimal, columns: width, values: values)
    }

    private static func unit(_ vector: [Double]) -> [Double] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    /// Gram-Schmidt.
    private static func orthonormal(_ rows: [[Double]]) -> [[Double]] {
        rows.reduce(into: []) { found, row in
            let rest = found.reduce(row) { rest, known in
                let share = zip(rest, known).reduce(0) { $0 + $1.0 * $1.1 }
                return zip(rest, known).map { $0 - share * $1 }
            }
            found.append(unit(rest))
        }
    }

    private static var training: [AdapterJob.Animal] {
        (0..<trained).map { animal in
            let first = animal * perAnimal
            return AdapterJob.Animal(
                top: Array(first..<first + photographs), lateral: Array(first + photographs..<first + perAnimal))
        }
    }

    private func run(_ embeddings: NPYMatrix, steps: Int? = nil, seed: Int = 1) throws {
        let file = folder.appending(path: "embeddings.npy")
        try embeddings.write(to: file)
        var settings = Self.settings
        settings.steps = steps ?? settings.steps
        try AdapterJob(
            embeddings: file.path, animals: Self.training, settings: settings, seed: seed, output: folder.path
        ).perform { _ in }
    }

    /// The bridge's effect on the animals that did not train.
    private func effect(weight: Double) throws -> AdapterEffect {
        func id(_ row: Int) -> String { "p\(row)" }
        let photographs = (0..<Self.animals * Self.perAnimal).map { row in
            Photograph(
                id: id(row), path: "images/\(row).jpg", height: 1, width: 1,
                viewpoint: row % Self.perAnimal < Self.photographs ? .top : row.isMultiple(of: 2) ? .left : .right,
                date: "2017-07-01", whaleID: "w\(row / Self.perAnimal)")
        }
        let asking = photographs.dropFirst(Self.trained * Self.perAnimal)
        func rows(_ file: String) throws -> EmbeddingRows {
            EmbeddingRows(
                LabelledEmbeddings(
                    matrix: EmbeddingMatrix(try .read(folder.appending(path: file))), ids: photographs.map(\.id)),
                path: file)
        }
        let search = CrossViewSearch(
            catalog: Catalog(directory: folder, photographs: photographs),
            whales: Dictionary(uniqueKeysWithValues: photographs.map { ($0.id, $0.whaleID ?? "") }),
            plain: try rows("embeddings.npy"), lateral: try rows(AdapterFiles.lateral.name),
            top: try rows(AdapterFiles.top.name),
            weight: weight)
        let scenario = Scenario(
            id: "all", queries: asking.map { .init(id: "q-\($0.id)", imageID: $0.id) }, database: asking.map(\.id))
        return AdapterEffect([(1, try search.rows([scenario]))], resamples: 100, seed: 1)
    }
}
