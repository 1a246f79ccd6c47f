import Basics
import Catalog
import Foundation
import Imaging
import Testing

@testable import Sample

/// The views in which a mark is visible.
struct MarkTests {
    /// Pixels that a mark changes in a photograph, with pose, water and light the same.
    private static func changedPixels(by mark: Mark, from viewpoint: Viewpoint) throws -> Int {
        func raster(_ marks: [Mark]) throws -> Raster {
            var whale = Whale(id: "w")
            whale.marks = marks
            var generator = SeededGenerator(seed: 5, "mark")
            var exposure = Exposure(viewpoint, generator: &generator)
            exposure.longSide *= 0.4
            let picture = try Picture(
                of: whale, hide: Hide(of: whale), viewpoint: viewpoint, weather: Weather(seed: 1, encounter: "e"),
                exposure: exposure, generator: &generator)
            return picture.photographed(exposure, generator: &generator)
        }
        let (bare, marked) = (try raster([]), try raster([mark]))
        #expect((bare.width, bare.height) == (marked.width, marked.height))
        return stride(from: 0, to: bare.pixels.count, by: 3).count { abs(bare.green($0) - marked.green($0)) > 8 }
    }

    private static let round = Array(repeating: 1.0, count: 9)

    @Test func `A mark on the left flank is visible from the left only`() throws {
        let mark = Mark.patch(
            Place(0.4, 1.15), length: 0.1, width: 0.05, angle: 0, outline: Self.round, shade: -0.8)
        #expect(try Self.changedPixels(by: mark, from: .left) > 15)
        #expect(try Self.changedPixels(by: mark, from: .right) == 0)
    }

    @Test func `A mark on the right flank is visible from the right only`() throws {
        let mark = Mark.wound(Place(0.4, -1.15), radius: 0.03, shade: -0.9)
        #expect(try Self.changedPixels(by: mark, from: .right) > 15)
        #expect(try Self.changedPixels(by: mark, from: .left) == 0)
    }

    @Test(arguments: Viewpoint.standard)
    func `A mark on the ridge is visible from every side`(viewpoint: Viewpoint) throws {
        let mark = Mark.patch(Place(0.5, 0), length: 0.1, width: 0.07, angle: 0, outline: Self.round, shade: -0.8)
        #expect(try Self.changedPixels(by: mark, from: viewpoint) > 15)
    }

    @Test func `From above the head is up and the left flank on the left`() {
        let camera = Camera(.top, elevation: .pi / 2, azimuth: 0, tilt: 0)
        #expect(camera.project(Vector(0, 0.1, 0)).x < 0)
        #expect(camera.project(Vector(0.4, 0, 0)).y < 0)
    }

    @Test func `A flank view has the head on its own side`() {
        for (viewpoint, sign) in [(Viewpoint.left, Float(-1)), (.right, 1)] {
            let camera = Camera(viewpoint, elevation: 0.4, azimuth: 0, tilt: 0)
            #expect(camera.project(Vector(0.4, 0, 0)).x * sign > 0)
            #expect(camera.project(Vector(0, 0, 0.1)).y < 0)
        }
    }

    @Test func `Whales of one pod differ in their marks`() throws {
        let hides = try Whale.pod(of: 3, seed: 2).map { try Hide(of: $0).raster }
        for (index, hide) in hides.enumerated() {
            #expect(hides.prefix(index).allSatisfy { $0 != hide })
        }
    }

    @Test func `The water reveals nothing about the whale`() {
        let first = Weather(seed: 1, encounter: "whale000-000")
        let second = Weather(seed: 1, encounter: "whale000-001")
        #expect(first.water != second.water)
        #expect(Weather(seed: 1, encounter: "whale000-000").water == first.water)
    }
}

extension Raster {
    fileprivate func green(_ start: Int) -> Int { Int(pixels[start + 1]) }
}
