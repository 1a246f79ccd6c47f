import Foundation
import Synchronization

/// A folder that only this user can read, for files to delete after the work or when the process ends.
public final class TemporaryFolder: Sendable {
    /// The folders that exist.
    private static let present = Mutex<Set<String>>([])

    /// The folder's location.
    public let url: URL

    /// Makes the folder.
    ///
    /// - Parameter name: The start of the folder's name.
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public init(_ name: String) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(name)-\(UUID().uuidString)")
        let path = url.path
        let code = Self.present.withLock { present -> Int32 in
            guard mkdir(path, 0o700) == 0 else { return errno }
            present.insert(path)
            return 0
        }
        guard code == 0 else {
            throw FileError.unwritable(path: path, reason: SystemWords.of(code))
        }
    }

    /// Removes the folder and its contents, unless ``keep()`` was called.
    public func remove() {
        Self.present.withLock { present in
            guard present.remove(url.path) != nil else { return }
            try? FileManager.default.removeItem(at: url)
        }
    }

    /// Keeps the folder, so that it can be inspected.
    public func keep() { Self.present.withLock { _ = $0.remove(url.path) } }

    /// Removes the folders of all unfinished work.
    public static func removeAll() {
        present.withLock { present in
            for path in present { try? FileManager.default.removeItem(atPath: path) }
            present = []
        }
    }

    /// Ends the process after removing the folders of all unfinished work, whatever its other threads do.
    ///
    /// With any folder, the process becomes a shell that removes them and ends as told. This stops the other threads
    /// first, which otherwise could make a folder again between its removal and the end.
    public static func removeAll(thenEnd end: Ending) -> Never {
        present.withLock { present in
            guard !present.isEmpty else { return }
            // The shell inherits both: no signal ends it before it has removed the folders, and none stays blocked.
            for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { signal(number, SIG_IGN) }
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_UNBLOCK, &all, nil)
            let words = ["sh", "-c", "rm -rf -- \"$@\"; \(end.command)", "sh"] + present.sorted()
            var arguments = words.map { strdup($0) } + [nil]
            execv("/bin/sh", &arguments)
            // There is no shell: what is left is to remove them here.
            for path in present { try? FileManager.default.removeItem(atPath: path) }
        }
        switch end {
        case .code(let code): _exit(code)
        case .signal(let number): endProcess(by: number)
        }
    }

    /// How a process ends.
    public enum Ending: Sendable {
        /// With an exit code.
        case code(Int32)
        /// As an unhandled signal ends it.
        case signal(Int32)

        fileprivate var command: String {
            switch self {
            case .code(let code): "exit \(code)"
            // A shell cannot end by a signal that was ignored when it started.
            case .signal(let number): "exec env --default-signal=\(number) sh -c 'kill -\(number) $$'"
            }
        }
    }
}

/// Ends the process as an unhandled signal does.
public func endProcess(by number: Int32) -> Never {
    signal(number, SIG_DFL)
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, number)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
    raise(number)
    _exit(128 + number)
}
