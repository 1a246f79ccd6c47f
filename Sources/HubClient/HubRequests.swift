import Foundation
import Hub

/// The requests to a hub for one model: the location of its file, and its contents.
struct HubRequests: Sendable {
    /// A file as the hub describes it.
    struct Remote: Sendable {
        let commit: String
        /// The blob's name: the SHA-256 of large files.
        let etag: String
        let size: Int64
        let location: URL
        /// The entity tag of the contents if the hub itself sends them.
        let ownTag: String?

        /// The SHA-256 of the contents, lower-case hexadecimal, if the tag is one.
        var digest: String? { etag.count == 64 && etag.allSatisfy(\.isHexDigit) ? etag.lowercased() : nil }
    }

    /// The file is no longer the one that was located.
    struct Changed: Error {}

    private static let redirections = 10

    let settings: HubSettings
    let reference: HubReference
    let file: HubFile
    let leastRate: LeastRate
    /// The backbone that was probably meant.
    let nearest: String?

    /// Locates the file.
    ///
    /// The hub itself gives commit, tag and size before it redirects to the contents.
    ///
    /// - Throws: ``TransferError``, ``BusyServer``, ``HubError``.
    func locate() async throws -> Remote {
        var url = settings.endpoint.appending(
            path: "\(reference.owner)/\(reference.name)/resolve/\(reference.revision)/\(file.rawValue)")
        for _ in 0..<Self.redirections {
            let response = try await HTTPTransfer.send(request(.head, url))
            let destination = try destination(of: response, from: url)
            if let destination, isOwn(destination) {
                // A renamed model.
                url = destination
                continue
            }
            if let busy = BusyServer(response, host: url.server) { throw busy }
            guard response.status == 200 || destination != nil else { throw refusal(response, url) }
            let length = response.tag("X-Linked-Size") ?? response.tag("Content-Length")
            guard let commit = response.tag("X-Repo-Commit"), HubReference.isPlain(commit),
                let etag = response.tag("X-Linked-Etag") ?? response.tag("ETag"), HubReference.isPlain(etag),
                let size = length.flatMap(Int64.init), size >= 0
            else { throw HubError.noHub(host: url.server) }
            return Remote(
                commit: commit, etag: etag, size: size, location: destination ?? url,
                ownTag: destination == nil ? response.tag("ETag") : nil)
        }
        throw HubError.redirectionLoop(host: url.server, redirections: Self.redirections)
    }

    /// Receives the missing part of the file and calls `progress` after each piece; a server that cannot start in the
    /// middle, or has another version, sends all of it.
    ///
    /// - Throws: ``TransferError`` if the transfer ended early, ``BusyServer``, ``Changed``, ``HubError``,
    ///   ``FileError``.
    func receive(_ remote: Remote, into blob: BlobFile, progress: @Sendable @escaping () -> Void) async throws {
        var url = remote.location
        // Without a digest or a tag, nothing shows that the rest belongs to the existing bytes.
        if blob.count > 0, remote.digest == nil, blob.tag == nil { try blob.empty() }
        for _ in 0..<Self.redirections {
            var request = request(.get, url)
            let start = blob.count
            if start > 0 {
                request.headers.append(("Range", "bytes=\(start)-"))
                if let tag = blob.tag { request.headers.append(("If-Range", tag)) }
            }
            let asked = url
            let receiver = HTTPTransfer.Receiver { response in
                try begin(blob, at: start, of: remote, with: response, from: asked)
            } take: { data in
                guard blob.count + Int64(data.count) <= remote.size else {
                    try blob.empty()
                    throw HubError.wrongContents(reference, expected: "\(remote.size) bytes", found: "more")
                }
                try blob.append(data)
                progress()
            }
            let response = try await HTTPTransfer.send(request, to: receiver)
            guard let destination = try destination(of: response, from: url) else { return }
            url = destination
        }
        throw HubError.redirectionLoop(host: url.server, redirections: Self.redirections)
    }

    /// Prepares the file for the body of a response; false for a response without one.
    private func begin(
        _ blob: BlobFile, at start: Int64, of remote: Remote, with response: AnswerHead, from url: URL
    ) throws -> Bool {
        switch response.status {
        case 200, 206: break
        case 416 where start > 0:
            try blob.empty()
            throw TransferError(.lost, of: url)
        case _ where response.destination != nil: return false
        default: throw BusyServer(response, host: url.server) ?? refusal(response, url)
        }
        if let encoding = response.encoding {
            throw HubError.packed(host: url.server, encoding: HubReference.isPlain(encoding) ? encoding : "unknown")
        }
        if url == remote.location, let tag = remote.ownTag, let found = response.tag("ETag"), found != tag {
            throw Changed()
        }
        if isOwn(url), let found = response.tag("X-Linked-Etag"), found != remote.etag { throw Changed() }
        if response.status == 200 {
            if let length = response.tag("Content-Length").flatMap(Int64.init), length != remote.size {
                try blob.empty()
                throw HubError.wrongContents(reference, expected: "\(remote.size) bytes", found: "\(length) bytes")
            }
            try blob.empty(for: response.strongTag)
            return true
        }
        let range = response.tag("Content-Range") ?? ""
        guard range.hasPrefix("bytes \(start)-") else { throw HubError.refused(host: url.server, status: 206) }
        let isSame =
            (blob.tag == nil || response.strongTag == blob.tag
                || (response.strongTag == nil && remote.digest != nil))
            && (range.hasSuffix("/\(remote.size)") || range.hasSuffix("/*"))
        guard isSame else {
            // The rest belongs to another version.
            try blob.empty()
            throw TransferError(.lost, of: url)
        }
        return true
    }

    /// The target of a redirection, which may be another server but not a file on this machine.
    private func destination(of response: AnswerHead, from url: URL) throws -> URL? {
        guard let destination = response.destination else { return nil }
        guard ["http", "https"].contains(destination.scheme?.lowercased()), destination.host()?.isEmpty == false
        else {
            throw HubError.badRedirection(host: url.server, scheme: destination.scheme ?? "")
        }
        return destination
    }

    private func request(_ method: HTTPRequest.Method, _ url: URL) -> HTTPRequest {
        var request = HTTPRequest(method: method, url: url, patience: settings.patience, leastRate: leastRate)
        // Compressed contents would have another length and could not be resumed.
        request.headers = [("Accept-Encoding", "identity"), ("User-Agent", "whalebook")]
        if let token = settings.token, isOwn(url) { request.headers.append(("Authorization", "Bearer \(token)")) }
        return request
    }

    /// Whether an address is the hub's own; only the hub receives the token.
    private func isOwn(_ url: URL) -> Bool {
        (url.scheme, url.host(), url.port)
            == (settings.endpoint.scheme, settings.endpoint.host(), settings.endpoint.port)
    }

    /// The reason for a missing file, from a header of the hub, because 401 may mean that the model does not exist.
    private func refusal(_ response: AnswerHead, _ url: URL) -> HubError {
        let missing = HubError.noModel(
            reference, endpoint: HubSettings.shown(settings.endpoint.absoluteString), nearest: nearest)
        switch (response.status, response.tag("X-Error-Code")) {
        case (_, "RepoNotFound"): return missing
        case (_, "RevisionNotFound"): return .noRevision(reference)
        case (_, "EntryNotFound"): return .noFile(reference, file)
        case (401, _), (403, _): return .denied(reference, hasToken: settings.token != nil)
        case (404, _): return missing
        case (let status, _): return .refused(host: url.server, status: status)
        }
    }
}
