import Basics
import Foundation
import Testing

@testable import Matching

struct VerificationTests {
    private static func features(_ places: [SIMD2<Double>]) throws -> LocalFeatures {
        try LocalFeatures(
            width: 256, height: 256,
            keypoints: places.map {
                Keypoint(x: Float16($0.x), y: Float16($0.y), size: 4, angle: 0, strength: 0.1)
            }, columns: 1, descriptors: Data(count: places.count))
    }

    private static func places(_ count: Int, seed: UInt64) -> [SIMD2<Double>] {
        var generator = SeededGenerator(seed: seed, "places")
        return (0..<count).map { _ in SIMD2(generator.uniform(60...200), generator.uniform(60...200)) }
    }

    private static func matches(_ count: Int) -> [DescriptorMatch] {
        (0..<count).map { DescriptorMatch(query: $0, database: $0, cosine: 0.9, ratio: 0.5) }
    }

    /// A map about the middle of the picture.
    private static func map(across: SIMD2<Double>, down: SIMD2<Double>, shift: SIMD2<Double> = .zero) -> AffineMap {
        let linear = AffineMap(across: across, down: down, shift: .zero)
        let middle = SIMD2(128.0, 128.0)
        return AffineMap(across: across, down: down, shift: middle - linear(middle) + shift)
    }

    static let planted: [AffineMap] = [
        map(across: [1, 0], down: [0, 1], shift: [12, -7]), map(across: [0, 1], down: [-1, 0]),
        map(across: [0.6, 0.3], down: [-0.3, 0.6]), map(across: [1.3, 0.2], down: [0.4, 0.7]),
        map(across: [0.25, 0], down: [0, 0.9]),
    ]

    @Test(arguments: planted)
    func `A planted map is found among wrong matches, with its matches`(planted: AffineMap) throws {
        let from = Self.places(30, seed: 4)
        let wrong = Self.places(20, seed: 5)
        let to = from.map { planted($0) }.enumerated().map { $0 < 12 ? $1 : wrong[$0 - 12 < 18 ? $0 - 12 : 0] }
        let result = try AffineVerification(seed: 1).verify(
            Self.matches(30), of: Self.features(from), in: Self.features(to), pair: ("a", "b"))
        // Wrong matches can lie where the map puts them; none of the planted is lost.
        #expect(Set(result.inliers.map(\.query)).isSuperset(of: 0..<12))
        #expect(result.score == result.inliers.count - 3)
        #expect(result.inliers.count <= 20)
        let map = try #require(result.map)
        for inlier in result.inliers {
            let error = map(from[inlier.query]) - to[inlier.query]
            // The tolerance and the half-precision places.
            #expect((error * error).sum().squareRoot() <= 10.2)
        }
        for place in from[..<12] {
            let error = map(place) - planted(place)
            #expect((error * error).sum().squareRoot() < 10)
        }
    }

    @Test(arguments: [
        map(across: [6, 0], down: [0, 1]), map(across: [0.1, 0], down: [0, 1]),
        map(across: [0.15, 0], down: [0, 0.15]),
    ])
    func `A map that stretches too much explains nothing that another does not`(planted: AffineMap) throws {
        var generator = SeededGenerator(seed: 3, "line")
        let from = (0..<40).map { _ in SIMD2(generator.uniform(118...138), generator.uniform(30...226)) }
        let to = from.map { planted($0) }
        let verification = try AffineVerification(tolerance: 1, seed: 1)
        let result = try verification.verify(
            Self.matches(40), of: Self.features(from), in: Self.features(to), pair: ("a", "b"))
        let values = result.map?.singularValues ?? 1...1
        #expect(values.lowerBound >= 0.2 && values.upperBound <= 5)
        #expect(result.inliers.count < 40)
        let free = try AffineVerification(tolerance: 1, stretch: 0.01...100, seed: 1)
        #expect(
            try free.verify(Self.matches(40), of: Self.features(from), in: Self.features(to), pair: ("a", "b"))
                .inliers.count == 40)
    }

    @Test func `Fewer than three matches, or matches on one line, have no map`() throws {
        for count in 0..<3 {
            let some = try Self.features(Self.places(count, seed: 1))
            let result = try AffineVerification(seed: 1).verify(
                Self.matches(count), of: some, in: some, pair: ("a", "b"))
            #expect(result == AffineVerification.Result(map: nil, inliers: []))
            #expect(result.score == 0)
        }
        let line = try Self.features((0..<10).map { SIMD2(Double($0) * 8, Double($0) * 16) })
        #expect(
            try AffineVerification(seed: 1).verify(Self.matches(10), of: line, in: line, pair: ("a", "b")).map == nil)
        let point = try Self.features(Array(repeating: SIMD2(9, 9), count: 10))
        #expect(
            try AffineVerification(seed: 1).verify(Self.matches(10), of: point, in: point, pair: ("a", "b")).map == nil)
    }

    @Test func `Three matches have a map and the score 0`() throws {
        let some = try Self.features([SIMD2(10, 10), SIMD2(90, 20), SIMD2(30, 80)])
        let result = try AffineVerification(seed: 1).verify(Self.matches(3), of: some, in: some, pair: ("a", "b"))
        #expect(result.inliers.count == 3 && result.score == 0)
    }

    @Test func `The draws depend on the seed and the pair alone`() throws {
        let from = try Self.features(Self.places(40, seed: 6)), to = try Self.features(Self.places(40, seed: 7))
        func result(_ seed: UInt64, _ pair: (String, String)) throws -> AffineVerification.Result {
            try AffineVerification(iterations: 5, seed: seed).verify(Self.matches(40), of: from, in: to, pair: pair)
        }
        let first = try result(1, ("a", "b"))
        #expect(try result(1, ("a", "b")) == first)
        let others = try [result(2, ("a", "b")), result(1, ("b", "a")), result(1, ("a", "c"))]
        #expect(others.contains { $0 != first })
    }

    @Test func `Singular values are those of stretched and turned maps`() {
        let turned = AffineMap(across: [0, 3], down: [-0.5, 0], shift: .zero)
        #expect(abs(turned.singularValues.lowerBound - 0.5) < 1e-12)
        #expect(abs(turned.singularValues.upperBound - 3) < 1e-12)
        let flat = AffineMap(across: [1, 1], down: [2, 2], shift: .zero)
        #expect(flat.singularValues.lowerBound < 1e-12)
        #expect(AffineMap(across: .zero, down: .zero, shift: .zero).singularValues == 0...0)
    }

    @Test func `Settings out of range are refused`() {
        #expect(throws: MatchingError.self) { try AffineVerification(tolerance: 0, seed: 1) }
        #expect(throws: MatchingError.self) { try AffineVerification(tolerance: .nan, seed: 1) }
        #expect(throws: MatchingError.self) { try AffineVerification(iterations: 0, seed: 1) }
        #expect(throws: MatchingError.self) { try AffineVerification(stretch: 0...5, seed: 1) }
    }
}
