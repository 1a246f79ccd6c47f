import Basics
import Evaluation
import Foundation
import Testing

struct CalibrationTests {
    private let golden: Golden
    private let samples: [(score: Double, isPositive: Bool)]
    private let places: [Double]

    init() throws {
        golden = try Golden()
        samples = zip(golden.numbers("calibration.scores"), golden.numbers("calibration.same")).map { ($0, $1 == 1) }
        places = golden.numbers("calibration.at")
    }

    @Test func `Isotonic regression is scikit-learn's`() throws {
        #expect(samples.count == 200 && places.count == 25)
        let curve = try #require(IsotonicRegression(samples))
        #expect(curve.scores == golden.numbers("calibration.isotonic_knots.x"))
        // scikit-learn's means differ in their last bits.
        for (found, wanted) in zip(curve.probabilities, golden.numbers("calibration.isotonic_knots.y")) {
            #expect(abs(found - wanted) < 1e-14)
        }
        for (place, wanted) in zip(places, golden.numbers("calibration.isotonic")) {
            #expect(abs(curve.probability(of: place) - wanted) < 1e-13)
        }
    }

    @Test func `The spline is SciPy's`() throws {
        let calibration = try #require(ScoreCalibration(.isotonic, samples))
        for (place, wanted) in zip(places, golden.numbers("calibration.isotonic_spline")) {
            #expect(abs(calibration.probability(of: place) - wanted) < 1e-12)
        }
    }

    @Test(arguments: [("logistic", 1.0), ("logistic_unpenalised", 0.0)])
    func `Logistic regression is scikit-learn's, nearer the optimum`(name: String, penalty: Double) throws {
        let curve = try #require(PlattScaling(samples, targets: .certain, penalty: penalty))
        let coefficient = try #require(golden.values[path: "calibration.\(name).coefficient"]?.double)
        let intercept = try #require(golden.values[path: "calibration.\(name).intercept"]?.double)
        let theirs = PlattScaling(slope: -coefficient, offset: -intercept)
        // scikit-learn stops at a gradient of 0.013 here.
        for place in places { #expect(abs(curve.probability(of: place) - theirs.probability(of: place)) < 5e-4) }
        func gradient(_ curve: PlattScaling) -> Double {
            let errors = samples.map { curve.probability(of: $0.score) - ($0.isPositive ? 1 : 0) }
            let slope = zip(errors, samples).reduce(-penalty * curve.slope) { $0 + $1.0 * $1.1.score }
            return max(abs(slope), abs(errors.reduce(0, +)))
        }
        #expect(gradient(curve) < 1e-8 && gradient(theirs) > 1e-3)
    }

    @Test func `Probabilities rise with the score and stay within bounds`() throws {
        for kind in ScoreCalibration.Kind.allCases {
            let calibration = try #require(ScoreCalibration(kind, samples))
            let found = stride(from: -6.0, through: 6, by: 0.01).map { calibration.probability(of: $0) }
            #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
            #expect(found.allSatisfy { (0...1).contains($0) })
            #expect((found.last ?? 0) > 0.9 && (found.first ?? 1) < 0.1)
        }
    }

    @Test func `Equal scores have one probability`() throws {
        let curve = try #require(IsotonicRegression([(1, true), (1, false), (1, false), (1, true), (2, true)]))
        #expect(curve.scores == [1, 2] && curve.probabilities == [0.5, 1])
        #expect(curve.probability(of: 0) == 0.5 && curve.probability(of: 1.5) == 0.75 && curve.probability(of: 3) == 1)
    }

    @Test func `Scores that separate the classes have a finite logistic curve`() throws {
        let calibration = try #require(ScoreCalibration(.logistic, [(0, false), (1, true)]))
        #expect((0.3...0.5).contains(calibration.probability(of: 0)))
        #expect((0.5...0.7).contains(calibration.probability(of: 1)))
    }

    @Test func `Too little to learn from gives no calibration`() {
        for kind in ScoreCalibration.Kind.allCases {
            #expect(ScoreCalibration(kind, []) == nil)
            #expect(ScoreCalibration(kind, [(0, true), (1, true)]) == nil)
            #expect(ScoreCalibration(kind, [(0, false), (1, false)]) == nil)
            #expect(ScoreCalibration(kind, [(0, false), (.nan, true)]) == nil)
            #expect(ScoreCalibration(kind, [(0, false), (.infinity, true)]) == nil)
        }
        #expect(ScoreCalibration(.isotonic, [(1, false), (1, true)]) == nil)
        #expect(IsotonicRegression([]) == nil)
    }

    @Test func `A falling score says nothing`() throws {
        let calibration = try #require(ScoreCalibration(.isotonic, [(0, true), (1, true), (2, false), (3, false)]))
        #expect(calibration.probability(of: 0.5) == 0.5 && calibration.probability(of: 2.5) == 0.5)
    }

    @Test func `A calibration survives its file, and broken knots do not`() throws {
        let curve = try #require(SmoothIsotonic(samples))
        #expect(try JSONDecoder().decode(SmoothIsotonic.self, from: JSONEncoder().encode(curve)) == curve)
        for text in [
            #"{"scores": [], "probabilities": []}"#, #"{"scores": [1], "probabilities": [0.5]}"#,
            #"{"scores": [1, 2], "probabilities": [0.5]}"#, #"{"scores": [2, 1], "probabilities": [0, 1]}"#,
            #"{"scores": [1, 2], "probabilities": [1, 0]}"#, #"{"scores": [1, 2], "probabilities": [0, 1.5]}"#,
            #"{"scores": [1, 1], "probabilities": [0, 1]}"#,
        ] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(SmoothIsotonic.self, from: Data(text.utf8)) }
        }
    }

    @Test func `Each kind survives its file, and another kind is refused`() throws {
        for kind in ScoreCalibration.Kind.allCases {
            let calibration = try #require(ScoreCalibration(kind, samples))
            let data = try JSONEncoder().encode(calibration)
            #expect(try JSONDecoder().decode(ScoreCalibration.self, from: data) == calibration)
            #expect(calibration.kind == kind)
        }
        for text in [#"{"kind": "spline"}"#, #"{"kind": "logistic", "slope": 1}"#, #"{"slope": 1, "offset": 0}"#] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(ScoreCalibration.self, from: Data(text.utf8))
            }
        }
    }
}
