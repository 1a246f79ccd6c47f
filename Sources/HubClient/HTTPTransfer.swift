import Foundation
import FoundationNetworking
import Synchronization

/// One request and its answer, the body handed on in pieces as they arrive. Redirections are answers like any other.
final class HTTPTransfer: NSObject, URLSessionDataDelegate {
    /// Takes an answer's body.
    struct Receiver: Sendable {
        /// Is shown the head and says whether it wants the body; a thrown error ends the transfer.
        var begin: @Sendable (HTTPURLResponse) throws -> Bool
        var take: @Sendable (Data) throws -> Void

        /// Looks away.
        static let none = Receiver(begin: { _ in false }, take: { _ in })
    }

    private struct State {
        var continuation: CheckedContinuation<HTTPURLResponse, any Error>?
        var response: HTTPURLResponse?
        var isWanted = false
        /// Why the receiver wants no more.
        var refusal: (any Error)?
    }

    private let receiver: Receiver
    private let state = Mutex(State())

    private init(_ receiver: Receiver) { self.receiver = receiver }

    /// Sends a request and waits for the end of the answer.
    ///
    /// - Throws: `URLError`, or what the receiver throws.
    static func send(_ request: URLRequest, to receiver: Receiver = .none) async throws -> HTTPURLResponse {
        let transfer = HTTPTransfer(receiver)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = request.timeoutInterval
        // A session of its own: it keeps its delegate, and so ends with the transfer.
        let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                transfer.state.withLock { $0.continuation = continuation }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        state.withLock { $0.response = response }
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        guard let response = response as? HTTPURLResponse else { return completionHandler(.cancel) }
        state.withLock { $0.response = response }
        attempt(dataTask) {
            let isWanted = try receiver.begin(response)
            state.withLock { $0.isWanted = isWanted }
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard state.withLock({ $0.isWanted && $0.refusal == nil }) else { return }
        attempt(dataTask) { try receiver.take(data) }
    }

    private func attempt(_ task: URLSessionTask, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            state.withLock { $0.refusal = $0.refusal ?? error }
            task.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        state.withLock { state in
            let continuation = state.continuation
            state.continuation = nil
            if let refusal = state.refusal {
                continuation?.resume(throwing: refusal)
            } else if let error {
                continuation?.resume(throwing: error)
            } else if let response = state.response {
                continuation?.resume(returning: response)
            } else {
                continuation?.resume(throwing: URLError(.badServerResponse))
            }
        }
    }
}

extension HTTPURLResponse {
    /// A header's value without its quotes, as entity tags have them, and without the mark of a weak one.
    func tag(_ name: String) -> String? {
        guard var value = value(forHTTPHeaderField: name) else { return nil }
        if value.hasPrefix("W/") { value.removeFirst(2) }
        return value.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
    }

    /// Where a redirection leads.
    var destination: URL? {
        guard (300..<400).contains(statusCode), let text = value(forHTTPHeaderField: "Location") else { return nil }
        return URL(string: text, relativeTo: url)?.absoluteURL
    }
}

extension URLError {
    /// Why a server was not reached, or not to the end, in words: on Linux the system has only a number.
    var words: String {
        switch code {
        case .timedOut: "it was silent for too long"
        case .cannotFindHost, .dnsLookupFailed: "no such host"
        case .cannotConnectToHost: "it takes no connection"
        case .networkConnectionLost: "the connection was lost"
        case .notConnectedToInternet: "there is no network"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            "its certificate does not hold"
        default: "the transfer failed (\(code.rawValue))"
        }
    }
}
