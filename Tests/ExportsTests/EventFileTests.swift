import Foundation
import Results
import Testing

@testable import Exports

@Suite struct EventFileTests {
    private static let history = History(
        member: "lite0", seed: 1, fold: 2,
        epochs: [
            .init(
                number: 1, learningRate: 0.001, trainLoss: 2.5, validationMAP: 0.125, imagesPerSecond: 40.5,
                seconds: 3.5, waitingShare: 0.25),
            .init(
                number: 300, learningRate: 0.0005, trainLoss: 1.5, validationMAP: nil, imagesPerSecond: 41,
                seconds: 2.25, waitingShare: 0),
        ])

    @Test func `The bytes are those that TensorBoard writes`() throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/events.hex")
        let wanted = try String(contentsOf: fixture, encoding: .utf8).filter { !$0.isNewline }
        let file = EventFile(Self.history, startedAt: "2016-11-24T15:06:40Z")
        #expect(file.data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == wanted)
        #expect(file.file.path == ["tensorboard", "lite0-seed-1-fold-2", "events.out.tfevents.whalebook"])
    }

    @Test func `Checksums are those of RFC 3720, and masked as TensorFlow does`() {
        // RFC 3720, B.4: 32 bytes of zeros, of ones, and rising.
        #expect(Checksum.of(Data(repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(Checksum.of(Data(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(Checksum.of(Data(0..<32)) == 0x46DD_794E)
        // From tensorboard 2.21, masked_crc32c.
        #expect(Checksum.masked(Data("123456789".utf8)) == 0xC78A_B0E5)
    }

    @Test func `A training without epochs has only the version, and an unknown start is zero`() {
        let empty = EventFile(History(member: "m", seed: 1, fold: 0), startedAt: "then").data
        // Two lengths, two checksums, a time and a text of 13 bytes, each with its key.
        #expect(empty.count == 8 + 4 + 9 + 15 + 4)
    }
}
