import Basics
import Foundation
import Testing

@testable import Retrieval

/// Compares with scikit-learn (`Fixtures/tsne.py`).
@Suite struct TSNETests {
    private struct Reference: Decodable {
        let rows: [[Float]]
        let shares: [Double]
        let components: [[Double]]
        let affinities: [Float]
        let points: [[Float]]
        let gradient: [[Float]]
        let divergence: Double
        let final: Double

        static func read() throws -> Reference {
            let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/tsne.json")
            return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
        }

        var matrix: EmbeddingMatrix {
            get throws { try EmbeddingMatrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap(\.self)) }
        }
    }

    @Test func `Principal components equal scikit-learn's except for their signs`() throws {
        let reference = try Reference.read()
        let found = try PrincipalComponents(of: reference.matrix, count: 3)
        for component in 0..<3 {
            // The second and third are nearly equally long, so directions are accurate only to about 1e-5.
            #expect(abs(found.shares[component] - reference.shares[component]) < 1e-9)
            let sign = found.coordinates[0][component] * reference.components[0][component] < 0 ? -1.0 : 1
            for (row, place) in found.coordinates.enumerated() {
                #expect(abs(sign * place[component] - reference.components[row][component]) < 1e-5)
            }
        }
    }

    @Test func `The probabilities of neighbours equal scikit-learn's`() throws {
        let reference = try Reference.read()
        let affinities = try Affinities(of: reference.matrix, perplexity: 10)
        let largest = reference.affinities.max() ?? 0
        for (found, wanted) in zip(affinities.row(0), reference.affinities) {
            // scikit-learn stops searching at an entropy that is off by 1e-5.
            #expect(abs(found - wanted) < 1e-4 * largest)
        }
        let sum = (0..<120).reduce(0.0) { $0 + affinities.row($1).reduce(0) { $0 + Double($1) } }
        #expect(abs(sum - 1) < 1e-5)
    }

    @Test func `The gradient equals scikit-learn's`() throws {
        let reference = try Reference.read()
        let affinities = try Affinities(of: reference.matrix, perplexity: 10)
        let points = PlanePoints(reference.points.map { SIMD2($0[0], $0[1]) })
        for (found, wanted) in zip(points.gradient(affinities, exaggeration: 1), reference.gradient) {
            #expect(abs(found.x - wanted[0]) < 1e-6)
            #expect(abs(found.y - wanted[1]) < 1e-6)
        }
        #expect(abs(points.divergence(affinities) - reference.divergence) < 1e-4)
    }

    @Test func `The map is as good as scikit-learn's, and the same each time`() throws {
        let reference = try Reference.read()
        let matrix = try reference.matrix
        let components = PrincipalComponents(of: matrix, count: 2)
        func map() throws -> TSNE {
            try TSNE(of: matrix, from: components, perplexity: 10, steps: 1000) { _ in }
        }
        let first = try map()
        // Rounding separates two descents long before their end, and this one ends 2% higher; random points have 2.58.
        #expect(first.divergence < 1.05 * reference.final)
        #expect(try map().coordinates == first.coordinates)
    }

    @Test(arguments: [4, 5, 17, 33]) func `A few points are mapped too`(count: Int) throws {
        var generator = SeededGenerator(seed: 1, "points")
        let values = (0..<count * 6).map { _ in Float(generator.normal()) }
        let matrix = try EmbeddingMatrix(rows: count, columns: 6, values: values).unitRows()
        let map = try TSNE(
            of: matrix, from: PrincipalComponents(of: matrix, count: 2), perplexity: 30, steps: 300
        ) { _ in }
        #expect(map.perplexity <= Double(count - 1) / 3)
        #expect(map.coordinates.count == count)
        #expect(map.coordinates.allSatisfy { $0.x.isFinite && $0.y.isFinite })
        #expect(Set(map.coordinates).count == count)
    }

    @Test func `Equal photographs give finite coordinates`() throws {
        let matrix = try EmbeddingMatrix(
            rows: 9, columns: 2, values: Array(repeating: [1, 0], count: 9).flatMap(\.self))
        let components = PrincipalComponents(of: matrix, count: 2)
        #expect(components.shares == [0, 0])
        let map = try TSNE(of: matrix, from: components, perplexity: 2, steps: 50) { _ in }
        #expect(map.coordinates.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }

    @Test(arguments: [8, 64]) func `Points on a line have one component and a second of zeros`(width: Int) throws {
        var generator = SeededGenerator(seed: 3, "line")
        let pair = (0..<2).map { _ in (0..<width).map { _ in Float(generator.normal()) } }
        let matrix = try EmbeddingMatrix(rows: 4, columns: width, values: pair[0] + pair[0] + pair[1] + pair[1])
        let components = PrincipalComponents(of: matrix.unitRows(), count: 2)
        #expect(abs(components.shares[0] - 1) < 1e-9)
        #expect(components.shares[1] < 1e-9)
        #expect(components.coordinates.allSatisfy { abs($0[1]) < 1e-6 })
    }

    @Test func `Embeddings without columns have no component`() throws {
        let components = PrincipalComponents(of: try EmbeddingMatrix(rows: 4, columns: 0, values: []), count: 2)
        #expect(components.shares.isEmpty && components.coordinates.allSatisfy(\.isEmpty))
    }

    @Test func `A map can be stopped`() throws {
        let matrix = try Reference.read().matrix
        #expect(throws: CancellationError.self) {
            _ = try TSNE(
                of: matrix, from: PrincipalComponents(of: matrix, count: 2), perplexity: 10, steps: 1000
            ) { if $0 > 0 { throw CancellationError() } }
        }
    }
}
