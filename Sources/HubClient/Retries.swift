import Foundation
import Hub

/// A server that has no time for an answer now.
struct BusyServer: Error {
    let host: String
    let status: Int
    /// How long it asks to be left alone.
    let wait: Duration?

    /// Nil for an answer that says anything else.
    init?(_ response: AnswerHead, host: String) {
        guard response.status == 429 || response.status >= 500 else { return nil }
        (self.host, status, wait) = (host, response.status, response.retryAfter)
    }
}

/// How often a server is asked again, and after what pauses: each twice the one before, or what the server asks for.
struct Retries {
    private static let attempts = 4

    private let pause: Duration
    private let longest: Duration
    private var wait: Duration
    private var failures = 0

    /// - Parameters:
    ///   - pause: The first.
    ///   - longest: What a server may ask for.
    init(pause: Duration, longest: Duration) { (self.pause, wait, self.longest) = (pause, pause, longest) }

    /// Forgets the failures: something came.
    mutating func reset() { (failures, wait) = (0, pause) }

    /// Waits until the next attempt.
    ///
    /// - Throws: `error` after the last attempt, ``HubError/busy(host:status:seconds:)`` where the server asks for more
    ///   time than anybody waits, `CancellationError`.
    mutating func wait(after error: any Error) async throws {
        failures += 1
        let asked = (error as? BusyServer)?.wait ?? .zero
        if let busy = error as? BusyServer, asked > longest {
            throw HubError.busy(host: busy.host, status: busy.status, seconds: asked.components.seconds)
        }
        // Who floods is not asked again.
        guard failures < Self.attempts, (error as? TransferError)?.problem != .headTooLong else { throw error }
        try await Task.sleep(for: max(wait, asked))
        wait *= 2
    }
}
