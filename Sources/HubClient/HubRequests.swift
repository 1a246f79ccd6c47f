import Foundation
import FoundationNetworking
import Hub

/// What is asked of a hub about one model: where its file is, and the file.
struct HubRequests: Sendable {
    /// A file as the hub describes it.
    struct Remote: Sendable {
        let commit: String
        /// What the blob goes by: the SHA-256 of large files.
        let etag: String
        let size: Int64
        let location: URL
        /// The entity tag of the contents where the hub itself sends them.
        let ownTag: String?

        /// The SHA-256 of the contents, lower-case hexadecimal, where the tag is one.
        var digest: String? { etag.count == 64 && etag.allSatisfy(\.isHexDigit) ? etag.lowercased() : nil }
    }

    /// The file is another one than was located.
    struct Changed: Error {}

    private static let redirections = 10
    private static let askings = 3

    let settings: HubSettings
    let reference: HubReference
    /// The backbone that was probably meant.
    let nearest: String?

    /// Asks where the file is.
    ///
    /// The hub itself says commit, tag and size, before it sends elsewhere for the contents.
    ///
    /// - Throws: ``BusyServer``, ``HubError``.
    func locate() async throws -> Remote {
        var url = settings.endpoint.appending(
            path: "\(reference.owner)/\(reference.name)/resolve/\(reference.revision)/\(HubReference.file)")
        for _ in 0..<Self.redirections {
            let response = try await reaching(url) { try await HTTPTransfer.send(request("HEAD", url)) }
            let destination = try destination(of: response, from: url)
            if let destination, isOwn(destination) {
                // A model that was renamed.
                url = destination
                continue
            }
            if let busy = BusyServer(response, host: name(url)) { throw busy }
            guard response.statusCode == 200 || destination != nil else { throw refusal(response, url) }
            let length = response.tag("X-Linked-Size") ?? response.tag("Content-Length")
            guard let commit = response.tag("X-Repo-Commit"), HubReference.isPlain(commit),
                let etag = response.tag("X-Linked-Etag") ?? response.tag("ETag"), HubReference.isPlain(etag),
                let size = length.flatMap(Int64.init), size >= 0
            else { throw HubError.noHub(host: name(url)) }
            return Remote(
                commit: commit, etag: etag, size: size, location: destination ?? url,
                ownTag: destination == nil ? response.tag("ETag") : nil)
        }
        throw HubError.noHub(host: name(url))
    }

    /// Receives what is missing of the file; a server that cannot begin in the middle, or has another version than the
    /// one that was begun, sends all of it.
    ///
    /// - Parameter progress: Called after each piece.
    /// - Throws: `URLError` where it broke off, ``BusyServer``, ``Changed``, ``HubError``, ``FileError``.
    func receive(_ remote: Remote, into file: BlobFile, progress: @Sendable @escaping () -> Void) async throws {
        var url = remote.location
        // Without a digest and a tag nothing tells whether the rest belongs to the bytes that are there.
        if file.count > 0, remote.digest == nil, file.tag == nil { try file.empty() }
        for _ in 0..<Self.redirections {
            var request = request("GET", url)
            let start = file.count
            if start > 0 {
                request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range")
                if let tag = file.tag { request.setValue(tag, forHTTPHeaderField: "If-Range") }
            }
            let asked = url
            let receiver = HTTPTransfer.Receiver { response in
                try begin(file, at: start, of: remote, with: response, from: asked)
            } take: { data in
                guard file.count + Int64(data.count) <= remote.size else {
                    try file.empty()
                    throw HubError.wrongContents(reference, expected: "\(remote.size) bytes", found: "more")
                }
                try file.append(data)
                progress()
            }
            let response = try await HTTPTransfer.send(request, to: receiver)
            guard let destination = try destination(of: response, from: url) else { return }
            url = destination
        }
        throw HubError.noHub(host: name(url))
    }

    /// Makes the file ready for the body of an answer; false for an answer without one.
    private func begin(
        _ file: BlobFile, at start: Int64, of remote: Remote, with response: HTTPURLResponse, from url: URL
    ) throws -> Bool {
        switch response.statusCode {
        case 200, 206: break
        case 416 where start > 0:
            try file.empty()
            throw URLError(.networkConnectionLost)
        case _ where response.destination != nil: return false
        default: throw BusyServer(response, host: name(url)) ?? refusal(response, url)
        }
        if let encoding = response.encoding {
            throw HubError.packed(host: name(url), encoding: HubReference.isPlain(encoding) ? encoding : "unknown")
        }
        if url == remote.location, let tag = remote.ownTag, let found = response.tag("ETag"), found != tag {
            throw Changed()
        }
        if isOwn(url), let found = response.tag("X-Linked-Etag"), found != remote.etag { throw Changed() }
        if response.statusCode == 200 {
            if let length = response.tag("Content-Length").flatMap(Int64.init), length != remote.size {
                try file.empty()
                throw HubError.wrongContents(reference, expected: "\(remote.size) bytes", found: "\(length) bytes")
            }
            try file.empty(for: response.strongTag)
            return true
        }
        let range = response.tag("Content-Range") ?? ""
        guard range.hasPrefix("bytes \(start)-") else { throw HubError.refused(host: name(url), status: 206) }
        let isSame =
            (file.tag == nil || response.strongTag == file.tag
                || (response.strongTag == nil && remote.digest != nil))
            && (range.hasSuffix("/\(remote.size)") || range.hasSuffix("/*"))
        guard isSame else {
            // The rest of another version.
            try file.empty()
            throw URLError(.networkConnectionLost)
        }
        return true
    }

    /// Where a redirection leads, which may be to another server but not into this machine's files.
    private func destination(of response: HTTPURLResponse, from url: URL) throws -> URL? {
        guard let destination = response.destination else { return nil }
        guard ["http", "https"].contains(destination.scheme?.lowercased()), destination.host()?.isEmpty == false
        else {
            throw HubError.badRedirection(host: name(url), scheme: destination.scheme ?? "")
        }
        return destination
    }

    private func request(_ method: String, _ url: URL) -> URLRequest {
        var request = URLRequest(
            url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: settings.patience)
        request.httpMethod = method
        // Compressed contents would have another length, and no middle to begin at.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        request.setValue("whalebook", forHTTPHeaderField: "User-Agent")
        if let token = settings.token, isOwn(url) {
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        }
        return request
    }

    /// Whether an address is the hub's own, which alone gets the token.
    private func isOwn(_ url: URL) -> Bool {
        (url.scheme, url.host(), url.port)
            == (settings.endpoint.scheme, settings.endpoint.host(), settings.endpoint.port)
    }

    private func reaching<Value>(_ url: URL, _ body: () async throws -> Value) async throws -> Value {
        do {
            // URLSession on Linux now and then ends with neither an answer nor an error; what is asked again is the same.
            for _ in 1..<Self.askings {
                do {
                    return try await body()
                } catch let error as URLError where error.code == .badServerResponse {}
            }
            return try await body()
        } catch let error as URLError {
            if error.code == .cancelled { throw CancellationError() }
            throw HubError.unreachable(host: name(url), reason: error.words)
        }
    }

    /// Why there is no file; the hub says it in a header, since 401 may mean that there is no such model.
    private func refusal(_ response: HTTPURLResponse, _ url: URL) -> HubError {
        let missing = HubError.noModel(
            reference, endpoint: HubSettings.shown(settings.endpoint.absoluteString), nearest: nearest)
        switch (response.statusCode, response.tag("X-Error-Code")) {
        case (_, "RepoNotFound"): return missing
        case (_, "RevisionNotFound"): return .noRevision(reference)
        case (_, "EntryNotFound"): return .noFile(reference)
        case (401, _), (403, _): return .denied(reference, hasToken: settings.token != nil)
        case (404, _): return missing
        case (let status, _): return .refused(host: name(url), status: status)
        }
    }

    /// The server without what may be secret in an address.
    private func name(_ url: URL) -> String {
        (url.host() ?? "the hub") + (url.port.map { ":\($0)" } ?? "")
    }
}
