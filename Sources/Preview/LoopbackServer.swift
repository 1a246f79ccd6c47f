import Foundation
import Synchronization

/// Serves a program of this machine to its browsers: one answer for each request.
public final class LoopbackServer: Sendable {
    private let connections: ConnectionPool
    private let respond: @Sendable (Request) -> Response

    /// The largest body of a request, in bytes.
    public static let bodyLimit = 1 << 16

    /// Starts the server on a port, or on any free one if it is 0.
    ///
    /// `respond` is called on a thread of its own for each request, and only for requests that address this machine by
    /// its own name.
    ///
    /// - Throws: ``PreviewError``.
    public init(port: UInt16, respond: @escaping @Sendable (Request) -> Response) throws(PreviewError) {
        connections = try ConnectionPool(port: port)
        self.respond = respond
        connections.start { [weak self] in self?.serve($0) }
    }

    /// The address, with a slash at its end.
    public var address: String { "http://127.0.0.1:\(connections.port)/" }

    private func serve(_ connection: Connection) {
        switch connection.head() {
        case .none: return
        case .tooLarge: connection.answer(Response(.headTooLarge, "The request is too long."))
        case .complete(let head, let rest):
            connections.note(connection, isIdle: false)
            guard var request = Request(head: head) else {
                return connection.answer(Response(.badRequest, "This is not a request for a page."))
            }
            guard request.isForLoopback(port: connections.port) else { return connection.answer(.otherHost) }
            if request.method == "POST" {
                guard let length = request.headers["content-length"].flatMap({ Int($0) }), length >= 0 else {
                    return connection.answer(Response(.badRequest, "The request does not say how long its body is."))
                }
                guard length <= Self.bodyLimit else {
                    return connection.answer(Response(.bodyTooLarge, "The request is too long."))
                }
                guard let body = connection.body(length: length, rest: rest) else { return }
                request.body = body
            }
            connection.answer(respond(request), withBody: request.method != "HEAD")
        }
    }
}

/// The connections of a server, each served on a thread of its own.
final class ConnectionPool: Sendable {
    /// A connection, and whether it is idle: waiting for its own request, or for a change.
    private struct Line {
        let connection: Connection
        var isIdle = true
    }

    /// The largest number of connections; another one replaces the connection that has been idle longest.
    private static let limit = 64

    private let listener: LoopbackListener
    /// Oldest first.
    private let lines = Mutex<[Line]>([])

    /// Opens a port, or any free one if it is 0.
    ///
    /// - Throws: ``PreviewError``.
    init(port: UInt16) throws(PreviewError) { listener = try LoopbackListener(port: port) }

    deinit { listener.end() }

    var port: UInt16 { listener.port }

    /// Accepts connections from now on.
    func start(_ serve: @escaping @Sendable (Connection) -> Void) {
        Thread.detachNewThread { [listener, weak self] in
            while let connection = listener.next() {
                guard let self else { return }
                self.take(connection, serve)
            }
        }
    }

    private func take(_ connection: Connection, _ serve: @escaping @Sendable (Connection) -> Void) {
        let dropped = lines.withLock { lines -> Connection? in
            defer { lines.append(Line(connection: connection)) }
            guard lines.count >= Self.limit else { return nil }
            // A listening page reconnects by itself.
            return lines.remove(at: lines.firstIndex(where: \.isIdle) ?? 0).connection
        }
        dropped?.hangUp()
        Thread.detachNewThread { [weak self] in
            serve(connection)
            self?.lines.withLock { $0.removeAll { $0.connection === connection } }
        }
    }

    /// Records whether a connection waits.
    func note(_ connection: Connection, isIdle: Bool) {
        lines.withLock { lines in
            guard let place = lines.firstIndex(where: { $0.connection === connection }) else { return }
            lines[place].isIdle = isIdle
        }
    }
}

extension Connection {
    /// Sends a response and ends.
    func answer(_ response: Response, withBody: Bool = true) {
        if send(response.head + (withBody ? response.body : Data())) { finish() }
    }
}

extension Response {
    static let otherHost = Response(.forbidden, "This server responds only to 127.0.0.1 and localhost.")
}
