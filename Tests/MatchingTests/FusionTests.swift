import Evaluation
import Foundation
import Testing

@Suite struct FusionTests {
    /// Queries with one right photograph among ten, whose scores are `right` against `wrong`, and a little higher from
    /// query to query.
    private static func queries(
        _ count: Int = 20, cosine: (right: Double, wrong: Double), marks: (right: Float, wrong: Float),
        geometry: (right: Float, wrong: Float) = (0, 0)
    ) -> [Fusion.Query] {
        (0..<count).map { number in
            let shift = Double(number) * 1e-3
            let isSame = (0..<10).map { $0 == number % 10 }
            return Fusion.Query(
                cosines: [.plain: isSame.map { ($0 ? cosine.right : cosine.wrong) + shift }],
                local: isSame.map {
                    LocalScore(
                        marks: ($0 ? marks.right : marks.wrong) + Float(shift),
                        geometry: ($0 ? geometry.right : geometry.wrong) + Float(number % 3))
                },
                isSame: isSame)
        }
    }

    @Test(arguments: ScoreCalibration.Kind.allCases)
    func `The scores that rank the validation photographs best are joined`(kind: ScoreCalibration.Kind) {
        // Only the network tells animals apart.
        let network = Fusion(
            Self.queries(cosine: (0.8, 0.2), marks: (0.5, 0.5)), by: kind, geometry: nil)
        #expect(network.parts.contains(.network) && network.absence == nil)
        #expect(network.queries == 20 && network.pairs == 200 && network.positives == 20)
        #expect(network.choices.first { $0.parts == [.network] }?.map == 1)
        // Only the marks do.
        let marks = Fusion(
            Self.queries(cosine: (0.5, 0.5), marks: (0.9, 0.1)), by: kind, geometry: false)
        #expect(marks.choices.map(\.parts) == [[.network, .marks], [.network], [.marks]])
        #expect(marks.parts.contains(.marks) && marks.localParts == [.marks])
        let choice = marks.choices.first { $0.parts == [.marks] }
        #expect(choice?.map == 1 && choice?.top1 == 1)
        #expect((marks.choices.first { $0.parts == [.network] }?.top1 ?? 1) < 1)
    }

    @Test func `Geometry is joined only if it may be, and must be if it must`() {
        let queries = Self.queries(cosine: (0.6, 0.4), marks: (0.6, 0.4), geometry: (9, 1))
        func tried(_ geometry: Bool?) -> Set<[Fusion.Part]> {
            Set(Fusion(queries, by: .isotonic, geometry: geometry).choices.map(\.parts))
        }
        #expect(tried(true) == [[.network, .marks, .geometry], [.network], [.marks, .geometry]])
        #expect(tried(false) == [[.network, .marks], [.network], [.marks]])
        #expect(tried(nil) == tried(true).union(tried(false)))
    }

    @Test func `The joined score is the mean of the probabilities, and the plain score orders equal ones`() throws {
        let queries = Self.queries(cosine: (0.8, 0.2), marks: (0.9, 0.1))
        let fusion = Fusion(queries, by: .logistic, geometry: false)
        let samples = queries.flatMap { query in
            zip(query.cosines[.plain] ?? [], query.isSame).map { (score: $0, isPositive: $1) }
        }
        let curve = try #require(ScoreCalibration(.logistic, samples))
        let pair = LocalScore(marks: 0.4, geometry: 0)
        let alone = fusion.score([.network], cosine: 0.5, of: .plain, local: pair)
        #expect(abs(alone - (0.999 * curve.probability(of: 0.5) + 0.001 * 0.75)) < 1e-12)
        let marks = fusion.score([.marks], cosine: 0.5, of: .plain, local: pair)
        let both = fusion.score([.network, .marks], cosine: 0.5, of: .plain, local: pair)
        // log(1 + 10 · 0.4) = log 5.
        let logarithm = log(1 + 10 * Double(Float(0.4)))
        let plain = 0.001 * (logarithm / (1 + logarithm))
        #expect(abs(both - ((alone - 0.00075 + marks - plain) / 2 + 0.00075)) < 1e-12)
        // Below every fitted score the curve is 0, so that only the plain score is left.
        let isotonic = Fusion(queries, by: .isotonic, geometry: false)
        func low(_ cosine: Double) -> Double { isotonic.score([.network], cosine: cosine, of: .plain, local: .none) }
        #expect(low(-0.5) > low(-0.6) && low(-0.5) == 0.001 * 0.25)
    }

    @Test func `Too few pairs of one animal are a reason, not a curve`() {
        let fusion = Fusion(Self.queries(9, cosine: (0.8, 0.2), marks: (0.9, 0.1)), by: .isotonic, geometry: nil)
        #expect(fusion.parts.isEmpty && fusion.localParts.isEmpty && fusion.choices.isEmpty)
        #expect(
            fusion.absence
                == "9 pairs of one animal in different encounters include a validation photograph, and 10 are needed")
    }

    @Test func `A score that is the same for every pair is not joined`() {
        let queries = (0..<20).map { number in
            let isSame = (0..<10).map { $0 == number % 10 }
            return Fusion.Query(
                cosines: [.plain: isSame.map { $0 ? 0.9 : 0.1 }], local: isSame.map { _ in .none }, isSame: isSame)
        }
        let fusion = Fusion(queries, by: .isotonic, geometry: nil)
        #expect(fusion.parts == [.network] && fusion.choices.map(\.parts) == [[.network]])
        #expect(fusion.localParts.isEmpty)
    }

    @Test func `The fusion survives its file`() throws {
        for kind in ScoreCalibration.Kind.allCases {
            let fusion = Fusion(
                Self.queries(cosine: (0.8, 0.2), marks: (0.9, 0.1), geometry: (9, 1)), by: kind, geometry: nil)
            let data = try JSONEncoder().encode(fusion)
            #expect(try JSONDecoder().decode(Fusion.self, from: data) == fusion)
        }
    }
}
