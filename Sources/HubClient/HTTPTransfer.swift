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

        /// Wants no body.
        static let none = Receiver(begin: { _ in false }, take: { _ in })
    }

    /// Holds the sender up while pieces wait to be taken: Foundation cannot pause libcurl, and would pile them up.
    ///
    /// Unchecked, as `OperationQueue` itself is; what is added is a constant that any thread may use.
    private final class BoundedQueue: OperationQueue, @unchecked Sendable {
        private let places = DispatchSemaphore(value: 16)

        override func addOperation(_ block: @escaping @Sendable () -> Void) {
            places.wait()
            super.addOperation { [places] in
                block()
                places.signal()
            }
        }
    }

    private struct State {
        /// Resumed once: at the end, or as soon as nothing more is wanted.
        var continuation: CheckedContinuation<HTTPURLResponse, any Error>?
        var response: HTTPURLResponse?
        var isWanted = false
    }

    private let receiver: Receiver
    private let state = Mutex(State())

    private init(_ receiver: Receiver) { self.receiver = receiver }

    /// Sends a request and waits for the end of the answer, or of its head where the body is not wanted.
    ///
    /// - Throws: `URLError`, or what the receiver throws.
    static func send(_ request: URLRequest, to receiver: Receiver = .none) async throws -> HTTPURLResponse {
        let transfer = HTTPTransfer(receiver)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = request.timeoutInterval
        let queue = BoundedQueue()
        queue.maxConcurrentOperationCount = 1
        // A session of its own: it keeps its delegate, and so ends with the transfer.
        let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: queue)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        let watch = Task { try await transfer.watchHead(of: task, for: request.timeoutInterval) }
        defer { watch.cancel() }
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
        completionHandler(.allow)
        do {
            let isWanted = try receiver.begin(response)
            state.withLock { $0.isWanted = isWanted }
            if !isWanted { end(dataTask, .success(response)) }
        } catch {
            end(dataTask, .failure(error))
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard state.withLock({ $0.isWanted && $0.continuation != nil }) else { return }
        do {
            try receiver.take(data)
        } catch {
            end(dataTask, .failure(error))
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error { return settle(.failure(error)) }
        settle(state.withLock(\.response).map { .success($0) } ?? .failure(URLError(.badServerResponse)))
    }

    private func settle(_ result: Result<HTTPURLResponse, any Error>) {
        state.withLock { state in
            state.continuation?.resume(with: result)
            state.continuation = nil
        }
    }

    /// Hangs up on a redirection whose body does not end: Foundation keeps it, decompressed, and says nothing of it until
    /// it is whole. Who is silent is given up earlier, by `patience`.
    private func watchHead(of task: URLSessionTask, for patience: TimeInterval) async throws {
        try await Task.sleep(for: .seconds(2 * patience))
        guard state.withLock({ $0.response == nil }) else { return }
        end(task, .failure(URLError(.dataLengthExceedsMaximum)))
    }

    /// Lets the caller go on, and hangs up.
    private func end(_ task: URLSessionTask, _ result: Result<HTTPURLResponse, any Error>) {
        settle(result)
        // Elsewhere: cancelling waits for libcurl, which may wait for this queue.
        DispatchQueue.global().async { task.cancel() }
    }
}

extension HTTPURLResponse {
    /// A header's value without its quotes, as entity tags have them, and without the mark of a weak one.
    func tag(_ name: String) -> String? {
        guard var value = value(forHTTPHeaderField: name) else { return nil }
        if value.hasPrefix("W/") { value.removeFirst(2) }
        return value.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
    }

    /// The entity tag as it was sent, where equal ones mean equal bytes: a weak one only means alike.
    var strongTag: String? {
        value(forHTTPHeaderField: "ETag").flatMap { $0.hasPrefix("\"") && $0.hasSuffix("\"") ? $0 : nil }
    }

    /// What the body was packed with though it was asked for as it is; nil for nothing.
    var encoding: String? {
        guard let value = value(forHTTPHeaderField: "Content-Encoding")?.trimmingCharacters(in: .whitespaces),
            !value.isEmpty, value.lowercased() != "identity"
        else { return nil }
        return value
    }

    /// Where a redirection leads.
    var destination: URL? {
        guard (300..<400).contains(statusCode), let text = value(forHTTPHeaderField: "Location") else { return nil }
        return URL(string: text, relativeTo: url)?.absoluteURL
    }

    /// How long the server asks to be left alone.
    var retryAfter: Duration? {
        guard let text = value(forHTTPHeaderField: "Retry-After")?.trimmingCharacters(in: .whitespaces) else {
            return nil
        }
        if text.allSatisfy(\.isNumber), let seconds = Double(text) { return .seconds(min(seconds, 1e9)) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { .seconds(max(0, min($0.timeIntervalSinceNow, 1e9))) }
    }
}

extension URLError {
    /// Why a server was not reached, or not to the end, in words: on Linux the system has only a number.
    var words: String {
        switch code {
        case .timedOut: "it was silent for too long"
        case .dataLengthExceedsMaximum: "it sends too much in the place of an answer"
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
