import Basics
import Catalog
import Foundation
import Imaging
import Testing

@testable import Sample

/// The files of a small pod of small images.
struct SamplePodTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private static func pod(seed: UInt64 = 3) throws -> SamplePod {
        var pod = try SamplePod(whales: 4, images: 16, seed: seed)
        pod.scale = 0.15
        return pod
    }

    @Test func `The catalogue can be read and gives the images' sizes`() throws {
        final class Counts: @unchecked Sendable { var seen: [Int] = [] }
        let counts = Counts()
        let summary = try Self.pod().write(to: sandbox.pod) { counts.seen.append($0) }
        #expect(counts.seen == Array(1...16), "progress counts every image")

        let catalog = try Catalog.read(sandbox.pod)
        #expect(catalog.photographs.count == summary.images)
        #expect(catalog.whales.count == summary.whales)
        try catalog.require([.whale, .encounter])
        #expect(try CSVTable.read(sandbox.pod.appending(path: "metadata.csv")).header.count == 9)
        for photograph in catalog.photographs {
            let file = try PictureFile(at: catalog.file(of: photograph).url)
            #expect([file.width, file.height] == [photograph.width, photograph.height])
            #expect((file.width > file.height) == photograph.viewpoint.isLateral)
        }
        let scenarios = try ScenarioFiles.read(catalog)
        #expect(scenarios.map(\.id) == summary.scenarios)
        let labels = try CSVTable.read(sandbox.pod.appending(path: "labels.csv"))
        #expect(Set(labels.rows.map { $0[0] }) == Set(scenarios.flatMap(\.queries).map(\.id)))
        let record = try JSONValue.read(sandbox.pod.appending(path: "sample.json"))
        #expect(record == ["whales": 4, "images": 16, "seed": "3", "generator": 2])
    }

    @Test func `The same seed gives the same bytes`() throws {
        let files = try ["first", "second"].map { name in
            try Self.pod().write(to: sandbox.url.appending(path: name))
            return try Sandbox.files(below: sandbox.url.appending(path: name))
        }
        #expect(files[0].count > 20)
        #expect(files[0] == files[1])
    }

    @Test func `Photographs drawn out of focus have the lowest sharpness`() throws {
        let plan = try PodPlan(whales: SamplePod.standardWhales, images: SamplePod.standardImages, seed: 7)
        func blur(_ shot: PodPlan.Shot) -> Float {
            var generator = SeededGenerator(seed: plan.seed, "image", shot.id)
            let blur = Exposure(shot.viewpoint, generator: &generator).blur
            return max(blur.x, blur.y)
        }
        let sandbox = sandbox.url.appending(path: "focus")
        try FileManager.default.createDirectory(at: sandbox, withIntermediateDirectories: true)
        func sharpness(_ shots: [PodPlan.Shot]) throws -> [Double] {
            try shots.map { shot in
                let url = sandbox.appending(path: "\(shot.id).jpg")
                try plan.image(of: shot, hide: Hide(of: plan.whales[shot.whale]), scale: 0.5).data.write(to: url)
                return try PhotographMeasures(of: PhotographFile(id: shot.id, url: url)).sharpness
            }
        }
        let blurred = try sharpness(Array(plan.shots.filter { blur($0) > 2 }.prefix(6)))
        let sharp = try sharpness(Array(plan.shots.filter { blur($0) < 1 }.prefix(12)))
        #expect(try #require(blurred.max()) < #require(sharp.min()), "\(blurred) \(sharp)")
    }

    @Test func `Another seed gives another image, and an image depends only on seed and id`() throws {
        func image(seed: UInt64) throws -> Data {
            let plan = try PodPlan(whales: 4, images: 16, seed: seed)
            let hide = try Hide(of: plan.whales[plan.shots[0].whale])
            return try plan.image(of: plan.shots[0], hide: hide, scale: 0.15).data
        }
        try Self.pod().write(to: sandbox.pod)
        let drawn = try Data(contentsOf: sandbox.pod.appending(path: "images/train0000.jpg"))
        #expect(try image(seed: 3) == drawn)
        #expect(try image(seed: 4) != drawn)
    }

    @Test func `The error names a place where no folder can be created`() throws {
        try AtomicFile.write("a file", to: sandbox.pod)
        let inside = sandbox.pod.appending(path: "deeper")
        let error = #expect(throws: FileError.self) { try Self.pod().write(to: inside) }
        #expect(error.map { "\($0)".contains("deeper") } == true)
    }

    @Test func `Too few whales or images are refused with the minimum`() {
        #expect(throws: SampleError.tooFewWhales(count: 3, least: 4)) { try SamplePod(whales: 3, images: 100, seed: 1) }
        #expect(throws: SampleError.tooFewImages(count: 39, whales: 10, least: 40)) {
            try SamplePod(whales: 10, images: 39, seed: 1)
        }
    }
}
