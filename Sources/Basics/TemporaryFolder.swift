import Dispatch
import Foundation
import Synchronization

/// A folder of this process alone, which nobody else may read and which goes with it.
public final class TemporaryFolder: Sendable {
    public let url: URL
    private let watches: Mutex<[(signal: Int32, source: any DispatchSourceSignal)]>

    /// Makes the folder, with mode 700.
    ///
    /// - Parameters:
    ///   - name: What its name begins with.
    ///   - signals: Those that end the program with exit code 130, after the folder was removed; one that the program
    ///     was started to ignore stays ignored.
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public init(named name: String, removedOn signals: [Int32] = []) throws {
        let pattern = FileManager.default.temporaryDirectory.appending(path: "\(name)-XXXXXX").path
        var path = Array(pattern.utf8CString)
        guard mkdtemp(&path) != nil else {
            throw FileError.unwritable(path: pattern, reason: String(cString: strerror(errno)).lowercased())
        }
        let url = URL(filePath: String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
        self.url = url
        let watches = signals.compactMap { number -> (signal: Int32, source: any DispatchSourceSignal)? in
            // A handler that does nothing, and not SIG_IGN: that one a child would inherit.
            var (own, earlier) = (sigaction(), sigaction())
            own.__sigaction_handler.sa_handler = { _ in }
            guard sigaction(number, nil, &earlier) == 0, !Self.isIgnored(earlier), sigaction(number, &own, nil) == 0
            else { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                Self.remove(url)
                _exit(130)
            }
            source.resume()
            return (number, source)
        }
        self.watches = Mutex(watches)
    }

    deinit { remove() }

    /// Removes the folder; signals then do again what they do by themselves.
    public func remove() {
        watches.withLock { watches in
            for watch in watches {
                watch.source.cancel()
                signal(watch.signal, SIG_DFL)
            }
            watches = []
        }
        Self.remove(url)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Another thread may still write into it when a signal comes.
    private static func remove(_ url: URL) {
        for _ in 0..<10 where (try? FileManager.default.removeItem(at: url)) == nil {
            guard FileManager.default.fileExists(atPath: url.path) else { return }
        }
    }
}
