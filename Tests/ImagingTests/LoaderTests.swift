import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct LoaderTests {
    private let folder: TemporaryFolder
    private let photographs: [PhotographFile]
    private let augmentation = Augmentation(
        flip: .same, crop: 0.7, brightness: 0.2, contrast: 0.2, hue: 40, saturation: 40, jpegQuality: 80, shift: 0.2,
        scale: 0.5, rotate: 10, cutout: 0.4)

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        photographs = try (0..<23).map { number in
            let picture = Raster.asymmetric(width: 40 + 9 * number, height: 230 - 8 * number, phase: Double(number))
            return try folder.photograph("photograph\(number)", picture.jpeg(quality: 90))
        }
    }

    private func batches(
        _ loader: PhotographLoader, _ photographs: [PhotographFile], batchSize: Int = 5, epoch: Int = 0
    ) throws -> [PixelBatch] {
        let batches = loader.batches(
            of: photographs, batchSize: batchSize,
            preparation: .augmented(augmentation, seed: 9, epoch: epoch))
        var result: [PixelBatch] = []
        while let batch = try batches.next() { result.append(batch) }
        return result
    }

    @Test func `Batches come in order, the last one smaller, with each photograph stretched to the square`() throws {
        let loader = PhotographLoader(size: 32, normalisation: .symmetric, threads: 3)
        let batches = loader.batches(of: photographs, batchSize: 5)
        #expect(batches.count == 5)
        var seen: [Int] = []
        while let batch = try batches.next() {
            seen += batch.indices
            #expect(batch.values.count == batch.indices.count * 3 * 32 * 32)
            for (slot, index) in batch.indices.enumerated() {
                let picture = try loader.picture(of: photographs[index]).raster
                let alone = PixelBatch(
                    [picture], indices: 0..<1, isMirrored: [false], size: 32, normalisation: .symmetric)
                #expect(Array(batch.values[slot * 3072..<(slot + 1) * 3072]) == alone.values)
            }
        }
        #expect(seen == Array(0..<23))
        #expect(try batches.next() == nil)
    }

    @Test func `Threads, batch size, order and cache do not change a byte`() throws {
        func values(_ loader: PhotographLoader, _ order: [Int], batchSize: Int, epoch: Int) throws -> [Int: [Float]] {
            let batches = try batches(loader, order.map { photographs[$0] }, batchSize: batchSize, epoch: epoch)
            let all = batches.flatMap(\.values)
            return Dictionary(
                uniqueKeysWithValues: order.enumerated().map { ($1, Array(all[$0 * 3072..<($0 + 1) * 3072])) })
        }
        let order = Array(0..<23)
        var generator = SeededGenerator(seed: 4)
        let other = generator.shuffled(order)
        let bare = PhotographLoader(size: 32, normalisation: .imageNet, threads: 1)
        let cached = PhotographLoader(size: 32, normalisation: .imageNet, threads: 4, cacheLimit: 1 << 24)
        let tight = PhotographLoader(size: 32, normalisation: .imageNet, threads: 2, cacheLimit: 30_000)
        for epoch in 0..<2 {
            let wanted = try values(bare, order, batchSize: 5, epoch: epoch)
            #expect(try values(cached, other, batchSize: 4, epoch: epoch) == wanted)
            #expect(try values(cached, order, batchSize: 23, epoch: epoch) == wanted)
            #expect(try values(tight, other, batchSize: 1, epoch: epoch) == wanted)
        }
        #expect(try values(bare, order, batchSize: 5, epoch: 0) != values(bare, order, batchSize: 5, epoch: 1))
    }

    @Test func `The cache stays within its limit and saves the second decoding`() throws {
        let limit = 30_000
        let cache = RasterCache(limit: limit)
        var made = 0
        for _ in 0..<2 {
            for photograph in photographs {
                let raster = cache.raster(for: .init(photograph, isSquare: false)) {
                    made += 1
                    return Raster(width: 50, height: 40)
                }
                #expect(raster.width == 50)
            }
        }
        #expect(cache.bytes == 5 * 6000 && cache.bytes <= limit)
        #expect(made == 23 + 18)
    }

    @Test func `Mirroring at inference gives the mirror image and reports it`() throws {
        let loader = PhotographLoader(size: 24, normalisation: .symmetric)
        let plain = try loader.picture(of: photographs[0])
        let mirrored = try loader.picture(of: photographs[0], preparation: .plain(mirrored: true))
        #expect(mirrored.raster == plain.raster.mirrored() && mirrored.isMirrored && !plain.isMirrored)
    }

    @Test(arguments: [1, 4]) func `A broken photograph ends its batch with an error that names it`(threads: Int) throws
    {
        var photographs = photographs
        let whole = try Data(contentsOf: photographs[12].url)
        photographs[12] = try folder.photograph("cut", whole.prefix(whole.count / 2))
        photographs[13] = PhotographFile(id: "gone", url: folder.url.appending(path: "gone.jpg"))
        let batches = PhotographLoader(size: 32, normalisation: .symmetric, threads: threads)
            .batches(of: photographs, batchSize: 5)
        #expect(try batches.next()?.indices == 0..<5)
        #expect(try batches.next()?.indices == 5..<10)
        let error = try #require(throws: ImagingError.self) { try batches.next() }
        #expect(error == .truncated(file: photographs[12].url.path))
        #expect(try batches.next() == nil)
    }

    @Test func `The check finds exactly the broken photographs, in order`() throws {
        var photographs = photographs
        let whole = try Data(contentsOf: photographs[3].url)
        photographs[3] = try folder.photograph("cut", whole.dropLast(1))
        photographs[7] = PhotographFile(id: "gone", url: folder.url.appending(path: "gone.jpg"))
        photographs[20] = try folder.photograph("text", Data("not a picture".utf8))
        let broken = try PhotographCheck.broken(among: photographs)
        #expect(broken.map(\.photograph.id) == ["cut", "gone", "text"])
        #expect(broken.map(\.description).allSatisfy { $0.contains(folder.url.path) })
        #expect(try PhotographCheck.broken(among: self.photographs).isEmpty)
    }

    @Test func `No more batches are prepared than allowed`() throws {
        let loader = PhotographLoader(size: 16, normalisation: .symmetric, threads: 4, cacheLimit: 1 << 24)
        let batches = loader.batches(
            of: photographs, batchSize: 2, preparation: .augmented(augmentation, seed: 1, epoch: 0), ahead: 3)
        // Every decoded photograph is in the cache, which must have none beyond the third batch.
        _ = try batches.next()
        Thread.sleep(forTimeInterval: 0.3)
        #expect(loader.cachedPhotographs <= 4 * 2)
        var count = 1
        while try batches.next() != nil { count += 1 }
        #expect(count == 12 && loader.cachedPhotographs == 23)
    }

    @Test func `Deallocated batches end their threads`() throws {
        weak var loader: PhotographLoader?
        do {
            let strong = PhotographLoader(size: 16, normalisation: .symmetric, threads: 4)
            loader = strong
            let batches = strong.batches(of: photographs, batchSize: 2, ahead: 1)
            _ = try batches.next()
            #expect(loader != nil)
        }
        // Each thread retains the loader until it ends; they wait for a second batch to be taken, which never happens.
        for _ in 0..<500 where loader != nil { Thread.sleep(forTimeInterval: 0.01) }
        #expect(loader == nil)
    }

    @Test func `No photographs give no batches`() throws {
        let loader = PhotographLoader(size: 16, normalisation: .symmetric)
        #expect(try loader.batches(of: [], batchSize: 4).next() == nil)
        #expect(try PhotographCheck.broken(among: []).isEmpty)
    }
}
