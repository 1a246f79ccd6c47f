import Basics

/// The reason why processes cannot work together any longer.
public enum RankFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Ranks that did not join in time.
    case missing([Int], count: Int, seconds: Double)
    /// Ranks that joined but cannot connect to one another.
    case noConnection(seconds: Double, reason: String)
    /// A rank that gives no sign of life.
    case lost(rank: Int, count: Int, seconds: Double)
    /// A rank that ended with an error of its own.
    case stopped(rank: Int, count: Int, reason: String)
    /// Rank 0's run, which keeps the store.
    case runGone(reason: String)
    case noStore(host: String, port: UInt16, seconds: Double, reason: String)
    case noPort(UInt16, reason: String)
    case torchrunsStore

    private static let again = "Run again: a training continues from its last checkpoint."

    public var description: String {
        switch self {
        case .missing(let ranks, let count, let seconds):
            """
            Of \(count) processes \(ranks.count == 1 ? "rank" : "ranks") \
            \(ranks.map { "\($0)" }.joined(separator: ", ")) did not join within \(Int(seconds)) s. Start \
            all of them, or set WHALEBOOK_RANK_TIMEOUT to more seconds.
            """
        case .noConnection(let seconds, let reason):
            """
            All processes joined, but could not connect to one another within \(Int(seconds)) s: \(reason.unended). \
            Set GLOO_SOCKET_IFNAME to the interface between the machines, such as eth0, and let them reach any port of \
            one another.
            """
        case .lost(let rank, let count, let seconds):
            "Rank \(rank) of \(count) processes is gone: no sign of life for \(Int(seconds)) s. \(Self.again)"
        case .stopped(let rank, let count, let reason): "Rank \(rank) of \(count) processes stopped: \(reason)"
        case .runGone(let reason): "The run of rank 0 is gone: \(reason.unended). \(Self.again)"
        case .noStore(let host, let port, let seconds, let reason):
            """
            The store of rank 0 at \(quoted: "\(host):\(port)") did not respond within \(Int(seconds)) s: \
            \(reason.unended). Check that rank 0 runs there and that MASTER_ADDR and MASTER_PORT name it. Under \
            torchrun, set TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1.
            """
        case .noPort(let port, let reason):
            "Rank 0 cannot listen on MASTER_PORT \(port): \(reason.unended). Choose a free port."
        case .torchrunsStore:
            """
            torchrun keeps a store of its own at MASTER_PORT, which not every libtorch can use. Set \
            TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1 before torchrun, so that it leaves the port free.
            """
        }
    }
}

extension String {
    /// The text without a full stop at its end; some of libtorch's messages have one.
    fileprivate var unended: String { hasSuffix(".") ? String(dropLast()) : self }
}
