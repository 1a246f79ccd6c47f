import Basics
import Foundation
import Synchronization

/// Serves rendered documents to browsers on this machine, and notifies open pages of changes.
public final class PreviewServer: Sendable {
    /// The content served at a time.
    public enum Content: Sendable, Equatable {
        /// A folder's files, with a page for `/`.
        case folder(URL, index: String)
        /// One page instead of all others.
        case notice(String, isError: Bool)
    }

    private struct State {
        var content: Content
        /// Different for each content and each server.
        var version: String
    }

    /// How often a listening page is checked.
    private static let interval = Duration.milliseconds(200)

    private let connections: ConnectionPool
    private let state: Mutex<State>

    /// Starts the server on a port, or on any free one if it is 0.
    ///
    /// - Throws: ``PreviewError``.
    public init(port: UInt16, content: Content) throws(PreviewError) {
        connections = try ConnectionPool(port: port)
        state = Mutex(State(content: content, version: UUID().uuidString))
        connections.start { [weak self] in self?.serve($0) }
    }

    /// The address of the pages.
    public var address: String { "http://127.0.0.1:\(connections.port)/" }

    /// Replaces the content; open pages reload.
    public func show(_ content: Content) {
        state.withLock { ($0.content, $0.version) = (content, UUID().uuidString) }
    }

    private func serve(_ connection: Connection) {
        switch connection.head() {
        case .none: return
        case .tooLarge: connection.answer(Response(.headTooLarge, "The request is too long."))
        case .complete(let head, _):
            connections.note(connection, isIdle: false)
            guard let request = Request(head: head) else {
                return connection.answer(Response(.badRequest, "This is not a request for a page."))
            }
            if request.method == "GET", request.path == ChangeScript.path, refusal(of: request) == nil {
                return tellChanges(connection)
            }
            connection.answer(response(to: request), withBody: request.method != "HEAD")
        }
    }

    /// Sends the version at once and whenever it changes, until the page is closed.
    private func tellChanges(_ connection: Connection) {
        guard connection.send(Response.head(.ok, type: "text/event-stream", length: nil)) else { return }
        connections.note(connection, isIdle: true)
        var sent = ""
        repeat {
            let version = state.withLock(\.version)
            if version != sent, !connection.send(Data("data: \(version)\n\n".utf8)) { return }
            sent = version
        } while connection.isOpen(after: Self.interval)
    }

    private func refusal(of request: Request) -> Response? {
        guard request.isForLoopback(port: connections.port) else { return .otherHost }
        guard ["GET", "HEAD"].contains(request.method) else {
            return Response(.methodNotAllowed, "This server is read-only: use GET or HEAD.")
        }
        return nil
    }

    private func response(to request: Request) -> Response {
        if let refusal = refusal(of: request) { return refusal }
        let (content, version) = state.withLock { ($0.content, $0.version) }
        func page(_ status: Response.Status, _ html: Data) -> Response {
            Response(status, type: Response.html, body: ChangeScript.added(to: html, version: version))
        }
        switch content {
        case .notice(let html, let isError): return page(isError ? .failed : .unavailable, Data(html.utf8))
        case .folder(_, let index) where request.path.isEmpty: return page(.ok, Data(index.utf8))
        case .folder(let folder, _):
            guard let file = ServedFolder(folder).file(request.path) else {
                return Response(.notFound, "This page does not exist. The documents are listed at \(address)")
            }
            return file.type == Response.html
                ? page(.ok, file.contents) : Response(.ok, type: file.type, body: file.contents)
        }
    }
}

/// Renders, serves, and renders again whenever a source has changed.
public struct Preview: Sendable {
    private let server: PreviewServer
    private let sources: [URL]
    private let render: @Sendable () async -> PreviewServer.Content

    private static let interval = Duration.milliseconds(300)

    /// Creates a preview of the content that `render` makes; calls of `render` never overlap.
    ///
    /// `sources` are files and folders to watch, for changes in a file's contents or a folder's list.
    public init(
        _ server: PreviewServer, sources: [URL], render: @escaping @Sendable () async -> PreviewServer.Content
    ) {
        (self.server, self.sources, self.render) = (server, sources, render)
    }

    /// Runs until it is cancelled.
    ///
    /// - Parameter shown: Called when the first content is available.
    /// - Throws: `CancellationError`, or what `shown` throws.
    public func run(shown: () throws -> Void) async throws {
        // Before rendering, so that changes during rendering are rendered again.
        var watch = SourceWatch(sources)
        server.show(await render())
        try shown()
        while true {
            try await Task.sleep(for: Self.interval)
            if watch.hasChanged() { server.show(await render()) }
        }
    }
}

/// A reason why the server cannot start.
public enum PreviewError: Error, Equatable, CustomStringConvertible {
    case portInUse(UInt16)
    case cannotListen(port: UInt16, reason: String)

    public var description: String {
        switch self {
        case .portInUse(let port):
            "Port \(port) of 127.0.0.1 is in use. End the program that uses it, or set --port to another number; 0 takes a free one."
        case .cannotListen(let port, let reason):
            "Cannot listen on port \(port) of 127.0.0.1: \(reason). "
                + (SystemWords.remedy(for: reason) ?? "Set --port to another number; 0 takes a free one.")
        }
    }
}

/// A folder that restricts reading to its own files.
struct ServedFolder {
    /// The path without symbolic links.
    private let root: String

    /// Creates a reference to a folder, which need not exist yet.
    init(_ url: URL) { root = Self.resolved(url.path) ?? url.path }

    /// The contents and the type of a regular file in the folder; nil for anything else, including hidden files and
    /// symbolic links that lead out of the folder.
    func file(_ path: [String]) -> (type: String, contents: Data)? {
        // Refuses empty and hidden names, `.`, `..` and encoded slashes.
        let isPlain = path.allSatisfy { name in
            !name.isEmpty && !name.hasPrefix(".") && !name.unicodeScalars.contains { $0 == "/" || $0 == "\0" }
        }
        guard isPlain, !path.isEmpty, let place = Self.resolved(([root] + path).joined(separator: "/")),
            place.hasPrefix(root + "/")
        else { return nil }
        // The path is resolved: a link placed there since is not followed, and a pipe does not block.
        let descriptor = open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let contents = try? handle.readToEnd() ?? Data()
        else { return nil }
        return (Self.type(of: path[path.count - 1]), contents)
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last?.lowercased() {
        case "html": Response.html
        case "md", "txt": "text/plain; charset=utf-8"
        case "json": "application/json"
        case "csv": "text/csv; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        default: "application/octet-stream"
        }
    }
}
