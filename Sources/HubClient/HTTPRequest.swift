import Foundation

/// The rate below which a server counts as gone.
public struct LeastRate: Sendable, Equatable {
    /// Bytes a second.
    public let bytes: Int
    /// How many seconds it may stay below that.
    public let seconds: Int

    /// Names a rate; both at least 1.
    public init(bytes: Int, seconds: Int) { (self.bytes, self.seconds) = (bytes, seconds) }
}

/// What is asked of a server, and how long it may take.
struct HTTPRequest: Sendable {
    enum Method { case get, head }

    let method: Method
    let url: URL
    /// Seconds that the server may be silent.
    let patience: TimeInterval
    let leastRate: LeastRate
    var headers: [(name: String, value: String)] = []
}

extension URL {
    /// The server that an address names, without what may be secret in it.
    var server: String { (host() ?? "the hub") + (port.map { ":\($0)" } ?? "") }
}
