import Basics
import Foundation
import Imaging
import Matching
import Testing

@testable import Keypoints

struct FeatureExtractionTests {
    private let folder: TemporaryFolder
    private let url: URL

    init() throws {
        folder = try TemporaryFolder("extraction")
        url = folder.url.appending(path: "keypoints.bin")
    }

    private func photographs(_ count: Int) throws -> [PhotographFile] {
        try (0..<count).map { number in
            let file = folder.url.appending(path: "\(number).png")
            try Drawn.spots(width: 90, height: 70, count: 12, seed: UInt64(number)).png().write(to: file)
            return PhotographFile(id: "p\(number)", url: file)
        }
    }

    private func extract(_ photographs: [PhotographFile], threads: Int) throws -> Data {
        let extraction = FeatureExtraction(extractor: try SIFT(), threads: threads) { _ in .middle(share: 1) }
        try extraction.write(photographs, to: url)
        return try Data(contentsOf: url)
    }

    @Test func `The file does not depend on the threads`() throws {
        defer { folder.remove() }
        let photographs = try photographs(40)
        let one = try extract(photographs, threads: 1)
        #expect(try extract(photographs, threads: 3) == one)
        let file = try FeatureFile.read(url)
        #expect(file.ids == photographs.map(\.id))
        #expect(file.extractor == (try SIFT().name))
        for (number, photograph) in photographs.enumerated() {
            #expect(try file.features(at: number) == SIFT().features(of: photograph, within: .middle(share: 1)))
        }
    }

    @Test func `Regions and boxes belong to their photographs`() throws {
        defer { folder.remove() }
        var photographs = try photographs(3)
        photographs[1] = PhotographFile(
            id: "boxed", url: photographs[1].url, box: PixelBox(x: 10, y: 10, width: 50, height: 40))
        let extraction = FeatureExtraction(extractor: try SIFT(), threads: 2) { photograph in
            .middle(share: photograph.id == "p2" ? 0 : 1)
        }
        var done: [Int] = []
        try extraction.write(photographs, to: url) { done.append($0) }
        #expect(done == [3])
        let file = try FeatureFile.read(url)
        #expect(try file.features(at: 1).width == 50)
        #expect(try file.features(at: 0).keypoints.isEmpty == false)
        #expect(try file.features(at: 2).keypoints.isEmpty)
    }

    @Test func `A broken photograph is named, and the earlier file stays`() throws {
        defer { folder.remove() }
        var photographs = try photographs(3)
        let before = try extract(photographs, threads: 2)
        let broken = folder.url.appending(path: "broken.jpg")
        try Data("not a picture".utf8).write(to: broken)
        photographs.append(PhotographFile(id: "broken", url: broken))
        let error = #expect(throws: ImagingError.self) { try extract(photographs, threads: 2) }
        #expect(error?.description.contains("broken.jpg") == true)
        #expect(try Data(contentsOf: url) == before)
    }

    @Test func `An interruption by the progress leaves the earlier file`() throws {
        defer { folder.remove() }
        let photographs = try photographs(2)
        let before = try extract(photographs, threads: 1)
        let extraction = FeatureExtraction(extractor: try SIFT(count: 1), threads: 1) { _ in .middle(share: 1) }
        #expect(throws: CancellationError.self) {
            try extraction.write(photographs, to: url) { _ in throw CancellationError() }
        }
        #expect(try Data(contentsOf: url) == before)
    }
}
