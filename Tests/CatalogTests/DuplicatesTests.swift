import Basics
import Catalog
import Imaging
import Testing

@Suite struct DuplicatesTests {
    private func photograph(_ id: String, box: PixelBox? = nil) -> Photograph {
        Photograph(id: id, path: "\(id).jpg", box: box)
    }

    @Test func `Equal files are exact duplicates unless their boxes differ`() {
        let box = PixelBox(x: 0, y: 0, width: 4, height: 4)
        let photographs = [
            photograph("a"), photograph("b"), photograph("c", box: box), photograph("d"), photograph("e"),
        ]
        let fingerprints = ["x", "x", "x", "y", "x"].map { Fingerprint(digest: $0) }
        let duplicates = Duplicates(photographs, fingerprints: fingerprints)
        #expect(duplicates.exact == [[0, 1, 4]])
        #expect(duplicates.near == nil, "no hash is known")
    }

    @Test func `A hash near a turned one is a turned duplicate, unless the photographs are near as they are`() {
        let hash: UInt64 = 0xF0F0_1234_5678_9ABC
        let mirrored: UInt64 = 0x0FED_CBA9_8765_4321
        let fingerprints = [
            Fingerprint(digest: "p", perceptualHash: hash, turnedHashes: [.mirrored: mirrored, .upsideDown: hash ^ 1]),
            Fingerprint(digest: "q", perceptualHash: mirrored ^ 0b111111, turnedHashes: [.mirrored: hash]),
            Fingerprint(digest: "r", perceptualHash: mirrored ^ (0b1111111 << 30)),
            Fingerprint(digest: "s", perceptualHash: hash ^ 3),
        ]
        let duplicates = Duplicates("abcd".map { photograph("\($0)") }, fingerprints: fingerprints, limit: 6)
        #expect(duplicates.near == [[0, 3]])
        #expect(
            duplicates.turned == [
                .init(first: 0, second: 1, orientation: .mirrored), .init(first: 1, second: 3, orientation: .mirrored),
            ])
    }

    @Test func `Near hashes are near-duplicates up to the limit, with each pair and each copied file counted once`() {
        let hash: UInt64 = 0xF0F0_1234_5678_9ABC
        let near = hash ^ (1 << 63 | 1 << 40 | 1 << 21 | 1 << 20 | 1 << 3 | 1)
        let hashes = [hash, near, near ^ (1 << 33), hash, hash]
        let fingerprints: [Fingerprint?] =
            zip(["p", "q", "r", "s", "s"], hashes).map { Fingerprint(digest: $0, perceptualHash: $1) } + [nil]
        let duplicates = Duplicates("abcdef".map { photograph("\($0)") }, fingerprints: fingerprints, limit: 6)
        #expect((near ^ hash).nonzeroBitCount == 6)
        #expect(duplicates.exact == [[3, 4]])
        #expect(duplicates.near == [[0, 1], [0, 3], [1, 2], [1, 3]])
    }
}
