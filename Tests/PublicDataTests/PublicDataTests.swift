import Basics
import Catalog
import Digests
import Foundation
import HubClient
import TestSupport
import Testing

@testable import PublicData
@testable import PublicDataClient

/// Fetching archives: addresses, resumed downloads, sizes, hostile contents.
struct FetchTests {
    typealias Entry = PackedArchive.Entry

    private let place = FetchPlace()

    /// An archive of a folder for each animal, of about a megabyte.
    private static let pod: Data = {
        var generator = SeededGenerator(seed: 1, "pictures")
        let noise = Data((0..<40_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let picture = Data([0xFF, 0xD8, 0xFF, 0xE0]) + noise
        return PackedArchive.zip(
            (0..<24).map { Entry("pod-main/Whales_Zero/photos/w\($0 / 4)/\($0)_left.jpg", picture) }
                + [Entry("pod-main/Other/link", kind: .link, target: "/etc/passwd")])
    }()

    @Test func `Photographs of a part of a repository become a folder for each animal`() async throws {
        let server = try FetchPlace.server(["main.zip": Self.pod])
        let set = FetchPlace.set(["\(server.address)/main.zip"], part: "Whales_Zero")
        let lines = try await place.fetch(set, mirror: nil)
        #expect(lines == ["24 photographs of 6 animals, layout folders"])
        #expect(place.visibleNames(in: "belugas") == ["fetched.json", "w0", "w1", "w2", "w3", "w4", "w5"])
        #expect(place.names == ["belugas"])
        let record = try JSONValue.read(place.folder.appending(path: "fetched.json"))
        #expect(record["archives"]?.array?[0]["sha256"]?.string == Digest.of(Self.pod))
        #expect(record[path: "archives.0.bytes"]?.double == Double(Self.pod.count))
        #expect(record[path: "archives.0.address"]?.string == "\(server.address)/main.zip")
        #expect(record[path: "archives.0.files"]?.double == 24)
        #expect(record["licence"]?.string == "none")
        #expect(try await place.fetch(set, mirror: nil) == ["\(place.folder.path) has pod already"])
        #expect(server.requests.count == 1)
    }

    @Test func `An interrupted download continues in the next run`() async throws {
        let cut = 400_000
        let server = try LoopbackServer { request, earlier in
            var reply = FetchPlace.reply(request, ["pod.zip": Self.pod])
            // The first run ends after four attempts without progress.
            if earlier == 0 { reply.cut = cut } else if earlier < 4 { reply.cut = 0 }
            return reply
        }
        let set = FetchPlace.set(["\(server.address)/pod.zip"], part: "Whales_Zero")
        let error = await #expect(throws: DownloadError.self) { try await place.fetch(set, mirror: nil) }
        guard case .brokenOff(Int64(cut), Int64(Self.pod.count), _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(place.names == ["belugas.partial"])
        try await place.fetch(set, mirror: nil)
        #expect(server.requests.map(\.start) == [nil, cut, cut, cut, cut])
        #expect(server.requests[4].headers["if-range"] == "\"1\"")
        #expect(place.names == ["belugas"])
    }

    @Test func `A part that belongs to another version is downloaded again`() async throws {
        let server = try LoopbackServer { request, earlier in
            if earlier == 0 { return .init(headers: ["ETag": "\"0\""], body: Data(Self.pod.reversed()), cut: 300_000) }
            return FetchPlace.reply(request, ["pod.zip": Self.pod])
        }
        let set = FetchPlace.set(["\(server.address)/pod.zip"], part: "Whales_Zero")
        try await place.fetch(set, mirror: nil)
        #expect(server.requests.map(\.start) == [nil, 300_000, nil])
    }

    @Test func `The second address serves if the first does not have the archive, or something else`() async throws {
        let good = try FetchPlace.server(["pod.zip": Self.pod])
        let portal = LoopbackServer.Reply(body: Data("<html>Please log in</html>".utf8))
        let packed = LoopbackServer.Reply(headers: ["Content-Encoding": "br"], body: Self.pod)
        let file = LoopbackServer.Reply(status: 302, headers: ["Location": "file:///etc/passwd"])
        for reply in [LoopbackServer.Reply(status: 404), .init(status: 403), portal, packed, file] {
            let place = FetchPlace()
            let bad = try LoopbackServer { _, _ in reply }
            let set = FetchPlace.set(
                ["http://127.0.0.1:1/pod.zip", "\(bad.address)/pod.zip", "\(good.address)/pod.zip"], part: "Whales_Zero"
            )
            try await place.fetch(set, mirror: nil)
            #expect(place.names == ["belugas"])
            #expect(bad.requests.count == 1)
        }
    }

    @Test func `If no address serves, the error gives a reason for each, and nothing is left`() async throws {
        let missing = try LoopbackServer { _, _ in .init(status: 404) }
        let large = try LoopbackServer { _, _ in .init(body: Data(count: 3_000_000)) }
        let endless = try LoopbackServer { _, _ in
            .init(
                headers: ["Content-Length": "1000000"],
                raw: Data("HTTP/1.1 200 OK\r\n\r\n".utf8) + Data(count: 2_100_000))
        }
        let set = FetchPlace.set([missing, large, endless].map { "\($0.address)/pod.zip" })
        let error = await #expect(throws: DownloadError.self) { try await place.fetch(set, mirror: nil) }
        guard case .nowhere("pod.zip", let reasons) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reasons.count == 3)
        #expect(reasons[0] == "127.0.0.1:\(missing.port) does not have it")
        #expect(reasons[1].hasPrefix("the server has 2.9 MiB, but the published file has between"), "\(reasons[1])")
        #expect(reasons[2].hasPrefix("the server sent more than"), "\(reasons[2])")
        #expect(error?.description.contains("--from") == true)
        #expect(place.names.isEmpty, "\(place.names)")
    }

    @Test(arguments: ["a link", "a path out", "a bomb", "cut short"])
    func `A hostile archive leaves nothing behind`(kind: String) async throws {
        let picture = Entry("w1/1.jpg", Data(repeating: 7, count: 600_000))
        let header = PackedArchive.tar([Entry("zeros", size: 18 << 20)]).prefix(512)
        let data =
            switch kind {
            case "a link": PackedArchive.zip([picture, Entry("w2", kind: .link, target: "/tmp")])
            case "a path out": PackedArchive.zip([picture, Entry("../../escaped.jpg", Data("x".utf8))])
            case "a bomb": PackedArchive.gzip(header) + PackedArchive.gzippedZeros((18 << 20) + 1024)
            default: PackedArchive.zip([picture, picture]).dropLast(500_000)
            }
        let server = try FetchPlace.server(["pod.zip": data])
        for mirror in [server.address, nil] where mirror != nil || kind != "a bomb" {
            let set = FetchPlace.set(["\(server.address)/pod.zip"])
            let error = await #expect(throws: (any Error).self) { try await place.fetch(set, mirror: mirror) }
            #expect(error.map { "\($0)".contains("pod.zip") } == true, "\(String(describing: error))")
            #expect(place.names.isEmpty, "\(place.names)")
        }
        #expect(!FileManager.default.fileExists(atPath: place.url.deletingLastPathComponent().path + "/escaped.jpg"))
    }

    @Test func `A folder can be the mirror, and keeps its archives`() async throws {
        let folder = place.url.appending(path: "mirror")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let set = FetchPlace.set([], part: "Whales_Zero")
        let error = await #expect(throws: PublicDataError.self) { try await place.fetch(set, mirror: folder.path) }
        #expect(error == .notInMirror(folder: folder.path, file: "pod.zip"))
        try Self.pod.write(to: folder.appending(path: "pod.zip"))
        try await place.fetch(set, mirror: folder.path)
        #expect(place.names == ["belugas", "mirror"])
        #expect(place.visibleNames(in: "mirror") == ["pod.zip"])
        #expect(throws: PublicDataError.badMirror("/nowhere")) {
            try PublicDataFetch(set, into: place.folder, mirror: "/nowhere")
        }
    }

    @Test func `Other folders are not touched`() async throws {
        let server = try FetchPlace.server(["pod.zip": Self.pod])
        let set = FetchPlace.set(["\(server.address)/pod.zip"], part: "Whales_Zero")
        for taken in ["belugas", "belugas.partial"] {
            let place = FetchPlace()
            try AtomicFile.write("mine", to: place.url.appending(path: "\(taken)/photo.jpg"))
            let error = await #expect(throws: PublicDataError.self) { try await place.fetch(set, mirror: nil) }
            #expect(error == .taken(path: place.url.appending(path: taken).path))
            #expect(place.visibleNames(in: taken) == ["photo.jpg"])
        }
        #expect(server.requests.isEmpty)
        // An empty folder may be there.
        try FileManager.default.createDirectory(at: place.folder, withIntermediateDirectories: true)
        try await place.fetch(set, mirror: nil)
    }

    @Test func `What a killed run left is used or replaced`() async throws {
        let server = try FetchPlace.server(["pod.zip": Self.pod])
        let set = FetchPlace.set(["\(server.address)/pod.zip"], part: "Whales_Zero")
        let partial = place.url.appending(path: "belugas.partial")
        try AtomicFile.write("pod", to: partial.appending(path: ".whalebook-fetch"))
        try AtomicFile.write(Self.pod, to: partial.appending(path: "pod.zip"))
        try AtomicFile.write("http://example.org/pod.zip", to: partial.appending(path: "pod.zip.address"))
        try AtomicFile.write("half", to: partial.appending(path: "unpacked-pod.zip/photos/w9/1.jpg"))
        try AtomicFile.write("half", to: partial.appending(path: "tree/w8/1.jpg"))
        #expect(try await place.fetch(set, mirror: nil) == ["24 photographs of 6 animals, layout folders"])
        #expect(server.requests.isEmpty)
        #expect(place.names == ["belugas"])
        let record = try JSONValue.read(place.folder.appending(path: "fetched.json"))
        #expect(record[path: "archives.0.address"]?.string == "http://example.org/pod.zip")
    }

    @Test func `The sets have two addresses over https, and plausible sizes`() throws {
        #expect(
            PublicDataSet.all.map(\.name)
                == ["beluga-id-2022", "nyala", "lions", "whale-sharks", "hyenas", "leopards"])
        for archive in PublicDataSet.all.flatMap(\.archives) {
            #expect(Set(archive.addresses.compactMap { URL(string: $0)?.host() }).count == 2)
            #expect(archive.addresses.allSatisfy { $0.hasPrefix("https://") })
            #expect(archive.sizes.contains(archive.megabytes * 1_000_000))
        }
        let error = #expect(throws: PublicDataError.self) { try PublicDataSet.named("beluga-id") }
        #expect(error?.description.contains("Did you mean 'beluga-id-2022'?") == true)
        #expect(
            try PublicDataSet.named("beluga-id-2022").terms[1]
                == "licence     CDLA-Permissive 1.0: https://cdla.dev/permissive-1-0/")
    }
}

/// One whale under several names.
struct WhaleNameTests {
    private let names = WhaleNames([("w1", "10"), ("w1", "50"), ("w2", "20"), ("w3", "20"), ("w4", "40")])

    @Test func `Names that share a photograph's other name are of one whale, in either direction`() {
        let groups = ["10", "50", "20", "40", "99"].map { names.group(of: $0, by: .corrected) }
        #expect(groups == ["10", "10", "20", "40", "99"])
        #expect(names.group(of: "50", by: .original) == "50")
        let chain = WhaleNames([("a", "3"), ("a", "2"), ("b", "2"), ("b", "1")])
        #expect(["1", "2", "3"].map { chain.whale(of: $0) } == ["1", "1", "1"])
    }

    @Test func `A test whale has the training's name only if no other has it`() {
        let originals: Set<String> = ["10", "50", "20", "40", "99"]
        #expect(
            names.catalogueNames(of: originals, by: .original) == [
                "10": "original-10", "50": "original-50", "20": "original-20", "40": "w4", "99": "original-99",
            ])
        #expect(
            names.catalogueNames(of: originals, by: .corrected) == [
                "10": "w1", "20": "original-20", "40": "w4", "99": "original-99",
            ])
    }
}
