import Basics
import Foundation
import FuzzSupport
import Hub
import HubClient
import Synchronization

private let server = AnswerServer()
private let cache = FileManager.default.temporaryDirectory
    .appending(path: "whalebook-fuzz-hub-\(ProcessInfo.processInfo.processIdentifier)")

/// The responses of a hub and of its redirects, one for each request, separated by a line of four equal signs: a model
/// of the length that the hub gives, or one of Whalebook's errors.
@main
enum FuzzHub {
    static func main() {
        fuzz { input in
            server.answers = input
            let done = DispatchSemaphore(value: 0)
            // Detached, since the main thread waits.
            Task.detached {
                await download()
                done.signal()
            }
            done.wait()
        }
    }
}

private func download() async {
    try? FileManager.default.removeItem(at: cache)
    do {
        let settings = try HubSettings([
            "HF_HUB_CACHE": cache.path, "HF_ENDPOINT": server.address, "HF_HUB_DOWNLOAD_TIMEOUT": "1",
        ])
        let download = HubDownload(settings, architectures: [], pause: .zero, longestPause: .zero)
        let file = try await download.file(.safetensors, of: HubReference("hf-hub:timm/model"))
        precondition(file.path.hasPrefix(cache.path + "/models--timm--model/snapshots/"), "\(file.path) is elsewhere")
        precondition(FileManager.default.fileExists(atPath: file.path), "\(file.path) does not exist")
    } catch is HubError {
    } catch is FileError {
    } catch {
        fatalError("an error that is not Whalebook's: \(error)")
    }
    // Nothing is written outside the cache's own folders.
    let names = Set((try? FileManager.default.contentsOfDirectory(atPath: cache.path)) ?? [])
    precondition(names.isSubset(of: [".locks", "models--timm--model"]), "\(names.sorted()) are in the cache")
}

/// A server on loopback that sends the next response to each connection, whatever the request, and hangs up.
private final class AnswerServer: Sendable {
    private static let separator = Data("\n====\n".utf8)

    private let descriptor: Int32
    private let port: UInt16
    private let left = Mutex(Data())

    var address: String { "http://127.0.0.1:\(port)" }

    var answers: Data {
        get { left.withLock { $0 } }
        set { left.withLock { $0 = newValue } }
    }

    init() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isOpen else { fatalError("no port on loopback: \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0, let self else { return }
                self.serve(connection)
            }
        }
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var request = Data(), piece = [UInt8](repeating: 0, count: 4096)
        while request.range(of: Data("\r\n\r\n".utf8)) == nil {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return }
            request += piece.prefix(count)
        }
        let answer = left.withLock { left -> Data in
            let end = left.range(of: Self.separator)
            defer { left = end.map { Data(left[$0.upperBound...]) } ?? Data() }
            return left[..<(end?.lowerBound ?? left.endIndex)]
        }
        answer.withUnsafeBytes { _ = send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        shutdown(connection, Int32(SHUT_WR))
        // Closing with unread bytes would lose the response.
        var limit = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        while recv(connection, &piece, piece.count, 0) > 0 {}
    }
}
