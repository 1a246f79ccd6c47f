import Basics
import Foundation
import Imaging
import Matching
import Testing

@testable import Keypoints

/// Drawn pictures.
enum Drawn {
    /// Soft spots of many sizes, the same for the same seed.
    static func spots(width: Int = 200, height: Int = 160, count: Int = 60, seed: UInt64 = 1) -> Raster {
        var generator = SeededGenerator(seed: seed, "spots")
        var levels = Array(repeating: 120.0, count: width * height)
        for _ in 0..<count {
            let (x, y) = (generator.uniform(0...Double(width)), generator.uniform(0...Double(height)))
            let (long, short) = (generator.uniform(3...8), generator.uniform(2...5))
            let (turn, level) = (generator.uniform(0...3), generator.uniform(40...110))
            let sign: Double = generator.chance(0.5) ? 1 : -1
            for row in 0..<height {
                for column in 0..<width {
                    let (dx, dy) = (Double(column) - x, Double(row) - y)
                    let along = (dx * cos(turn) + dy * sin(turn)) / long
                    let across = (dy * cos(turn) - dx * sin(turn)) / short
                    levels[row * width + column] += sign * level * exp(-(along * along + across * across) / 2)
                }
            }
        }
        return Raster(
            width: width, height: height,
            pixels: levels.flatMap { Array(repeating: UInt8(min(255, max(0, $0.rounded()))), count: 3) })
    }

    /// The picture turned by a quarter to the right.
    static func turned(_ picture: Raster) -> Raster {
        var turned = Raster(width: picture.height, height: picture.width)
        for y in 0..<picture.height {
            for x in 0..<picture.width { turned[picture.height - 1 - y, x] = picture[x, y] }
        }
        return turned
    }
}

struct SIFTTests {
    private static let whole = KeypointRegion.middle(share: 1)

    private static func matches(_ first: LocalFeatures, _ second: LocalFeatures) throws -> [DescriptorMatch] {
        let set = try MatchSet(
            queries: DescriptorSet(columns: 128, [first]), database: DescriptorSet(columns: 128, [second]))
        return try set.mutualMatches(.ratio(below: 0.8), with: [[0]])[0][0]
    }

    @Test func `Keypoints are in the picture, the strongest first, with descriptors of unit length`() throws {
        let features = try SIFT().features(in: Drawn.spots(), within: Self.whole)
        #expect(features.width == 200 && features.height == 160 && features.columns == 128)
        #expect(features.keypoints.count > 50)
        #expect(features.descriptors.count == 128 * features.keypoints.count)
        let strengths = features.keypoints.map(\.strength)
        #expect(zip(strengths, strengths.dropFirst()).allSatisfy { $0 >= $1 })
        for start in stride(from: 0, to: features.descriptors.count, by: 128) {
            let square = features.descriptors[start..<start + 128].reduce(0) { $0 + Int($1) * Int($1) }
            // The root of a distribution has unit length, 512 in bytes; each number is rounded, and a few are cut.
            #expect((440...520).contains(Double(square).squareRoot()))
        }
    }

    @Test func `The same picture gives the same features`() throws {
        let first = try SIFT().features(in: Drawn.spots(), within: Self.whole)
        for features in try (0..<4).map({ _ in try SIFT().features(in: Drawn.spots(), within: Self.whole) }) {
            #expect(features == first)
        }
    }

    @Test func `Fewer keypoints are the strongest of more`() throws {
        let all = try SIFT().features(in: Drawn.spots(), within: Self.whole)
        let few = try SIFT(count: 20).features(in: Drawn.spots(), within: Self.whole)
        #expect(few.keypoints == Array(all.keypoints.prefix(20)))
        #expect(few.descriptors == all.descriptors.prefix(20 * 128))
        let strict = try SIFT(contrast: 0.2).features(in: Drawn.spots(), within: Self.whole)
        #expect(strict.keypoints.count < all.keypoints.count)
    }

    @Test func `A turned picture matches itself where the map puts it, unless descriptors stay upright`() throws {
        let picture = Drawn.spots(), turned = Drawn.turned(picture)
        let features = try SIFT().features(in: picture, within: Self.whole)
        let others = try SIFT().features(in: turned, within: Self.whole)
        let matches = try Self.matches(features, others)
        let result = try AffineVerification(tolerance: 2, seed: 1).verify(
            matches, of: features, in: others, pair: ("a", "b"))
        #expect(result.inliers.count > features.keypoints.count / 2)
        let map = try #require(result.map)
        let corner = map(SIMD2(10, 20))
        // Column 10, row 20 becomes column 160 - 1 - 20, row 10.
        #expect(abs(corner.x - 139) < 1 && abs(corner.y - 10) < 1)
        let upright = try SIFT(isUpright: true)
        let turnedUpright = try Self.matches(
            upright.features(in: picture, within: Self.whole), upright.features(in: turned, within: Self.whole))
        #expect(turnedUpright.count < matches.count / 4)
    }

    @Test func `Upright, every place counts once and has no direction`() throws {
        let features = try SIFT(isUpright: true).features(in: Drawn.spots(), within: Self.whole)
        #expect(features.keypoints.count > 30)
        #expect(features.keypoints.allSatisfy { $0.angle == 0 })
        let places = Set(features.keypoints.map { "\($0.x) \($0.y) \($0.size)" })
        #expect(places.count == features.keypoints.count)
        let same = try Self.matches(features, features)
        #expect(same.count > features.keypoints.count * 9 / 10)
    }

    @Test func `Only the middle has keypoints`() throws {
        let picture = Drawn.spots()
        let all = try SIFT().features(in: picture, within: Self.whole)
        let middle = try SIFT().features(in: picture, within: .middle(share: 0.6))
        let inside = all.keypoints.filter {
            abs(2 * (Double($0.x) + 0.5) / 200 - 1) < 0.59 && abs(2 * (Double($0.y) + 0.5) / 160 - 1) < 0.59
        }
        #expect(!inside.isEmpty && middle.keypoints.count < all.keypoints.count)
        // Positions are tested by their pixel, so those at the edge can be in or out.
        for keypoint in inside { #expect(middle.keypoints.contains(keypoint)) }
        #expect(
            middle.keypoints.allSatisfy {
                abs(2 * ($0.place.x + 0.5) / 200 - 1) < 0.62 && abs(2 * ($0.place.y + 0.5) / 160 - 1) < 0.62
            })
        #expect(try SIFT().features(in: picture, within: .middle(share: 0)).keypoints.isEmpty)
    }

    @Test func `Only the outline has keypoints`() throws {
        let picture = Drawn.spots()
        let left = try KeypointMask(width: 2, height: 1, cells: [true, false])
        let features = try SIFT().features(in: picture, within: .mask(left))
        #expect(!features.keypoints.isEmpty && features.keypoints.allSatisfy { $0.x < 100.5 })
        let nothing = try KeypointMask(width: 1, height: 1, cells: [false])
        #expect(try SIFT().features(in: picture, within: .mask(nothing)).keypoints.isEmpty)
        #expect(throws: KeypointError.badMask(width: 2, height: 2, cells: 3)) {
            try KeypointMask(width: 2, height: 2, cells: [true, true, true])
        }
        #expect(throws: KeypointError.self) { try KeypointMask(width: .max, height: 2, cells: []) }
    }

    @Test func `A large picture is reduced, a small one stays`() throws {
        let picture = Drawn.spots(width: 400, height: 320, count: 100)
        let features = try SIFT(side: 256).features(in: picture, within: Self.whole)
        #expect(features.width == 256 && features.height == 205)
        let small = try SIFT(side: 1024).features(in: picture, within: Self.whole)
        #expect(small.width == 400 && small.height == 320)
        let line = try SIFT(side: 32).features(in: Raster(width: 1000, height: 3), within: Self.whole)
        #expect(line.width == 32 && line.height == 1)
    }

    @Test(arguments: [(1, 1), (1, 300), (7, 7), (8, 8), (9, 200), (16, 16), (17, 8), (256, 8)])
    func `Pictures without contrast and tiny ones have no keypoints`(width: Int, height: Int) throws {
        for isUpright in [false, true] {
            let plain = Raster(width: width, height: height, red: 90, green: 90, blue: 90)
            let features = try SIFT(isUpright: isUpright).features(in: plain, within: Self.whole)
            #expect(features.keypoints.isEmpty && features.descriptors.isEmpty)
            #expect(max(features.width, features.height) <= 256)
        }
        // Whatever is found in noise is in the picture.
        var generator = SeededGenerator(seed: 1, "noise")
        let noise = Raster(
            width: width, height: height,
            pixels: (0..<3 * width * height).map { _ in UInt8(generator.integer(in: 0..<256)) })
        _ = try SIFT().features(in: noise, within: Self.whole)
    }

    @Test func `One spot is one keypoint, and matches itself alone`() throws {
        var picture = Raster(width: 64, height: 64, red: 128, green: 128, blue: 128)
        for y in 0..<64 {
            for x in 0..<64 {
                let (dx, dy) = ((Double(x) - 32) / 3, (Double(y) - 30) / 3)
                let level = UInt8(128 + (100 * exp(-(dx * dx + dy * dy) / 2)).rounded())
                picture[x, y] = (level, level, level)
            }
        }
        let features = try SIFT(count: 1, isUpright: true).features(in: picture, within: Self.whole)
        #expect(features.keypoints.count == 1)
        let place = try #require(features.keypoints.first?.place)
        #expect(abs(place.x - 32) < 1 && abs(place.y - 30) < 1)
        let set = try DescriptorSet(columns: 128, [features])
        let found = try MatchSet(queries: set, database: set).mutualMatches(.cosine(atLeast: 0.99), with: [[0]])
        #expect(found[0][0].count == 1)
    }

    @Test func `Settings out of range are refused`() {
        #expect(throws: KeypointError.self) { try SIFT(side: 31) }
        #expect(throws: KeypointError.self) { try SIFT(side: 1025) }
        #expect(throws: KeypointError.self) { try SIFT(count: 0) }
        #expect(throws: KeypointError.self) { try SIFT(count: 8193) }
        #expect(throws: KeypointError.self) { try SIFT(contrast: .nan) }
    }

    @Test func `The name has every setting`() throws {
        let names = try [
            SIFT(), SIFT(side: 128), SIFT(count: 9), SIFT(contrast: 0.04), SIFT(isUpright: true),
        ].map(\.name)
        #expect(Set(names).count == names.count)
    }
}
