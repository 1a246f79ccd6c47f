import Basics
import Foundation
import HubClient
import PublicDataClient
import TestSupport

@testable import PublicData
@testable import Sample

/// A folder to fetch into, and servers that have the archives.
final class FetchPlace: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "fetch-\(UUID().uuidString)")
    var folder: URL { url.appending(path: "belugas") }

    init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// What is in the place.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }

    /// What is in a folder, without hidden files.
    func visibleNames(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.appending(path: folder).path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// A pod of small pictures, drawn once.
    private static let pod = Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "published-\(UUID().uuidString)")
        var pod = try SamplePod(whales: 12, images: 72, seed: 5)
        pod.scale = 0.15
        try pod.write(to: folder)
        return folder
    }

    /// The published archives of that pod.
    static func published() throws -> PublishedBelugas { try PublishedBelugas(of: pod.get()) }

    /// A server of files, from the middle if requested.
    static func server(_ files: [String: Data]) throws -> LoopbackServer {
        try LoopbackServer { request, _ in reply(request, files) }
    }

    static func reply(_ request: LoopbackServer.Request, _ files: [String: Data]) -> LoopbackServer.Reply {
        guard let body = files[String(request.path.split(separator: "/").last ?? "")] else { return .init(status: 404) }
        guard let start = request.start else { return .init(headers: ["ETag": "\"1\""], body: body) }
        return .init(
            status: 206,
            headers: ["ETag": "\"1\"", "Content-Range": "bytes \(start)-\(body.count - 1)/\(body.count)"],
            body: Data(body.dropFirst(start)))
    }

    static let download = FileDownload(patience: 600, pause: .milliseconds(1))

    /// Fetches the belugas from a mirror on loopback.
    @discardableResult
    func fetch(_ published: PublishedBelugas) async throws -> [String] {
        let server = try Self.server([
            "beluga.coco.tar.gz": published.trainingArchive, "beluga-id-test.zip": published.testArchive,
        ])
        return try await fetch(.named("beluga-id-2022"), mirror: server.address)
    }

    @discardableResult
    func fetch(_ set: PublicDataSet, mirror: String?) async throws -> [String] {
        try await PublicDataFetch(set, into: folder, mirror: mirror, download: Self.download).run()
    }

    /// A set of one archive with addresses and a published size.
    static func set(_ addresses: [String], megabytes: Int64 = 1, part: String? = nil) -> PublicDataSet {
        PublicDataSet(
            name: "pod", subject: "drawn whales", licence: "none", licenceAddress: nil, credit: "the tests", page: "",
            archives: [.init(file: "pod.zip", addresses: addresses, megabytes: megabytes, part: part, target: nil)])
    }
}
