import Basics
import Foundation

/// Lets one run at a time write to a store; ends with the process that holds it, however that ends.
public final class RunLock {
    private let descriptor: Int32

    /// Takes the lock, or says who has it.
    ///
    /// - Throws: ``WorkflowError/locked(owner:path:)``, ``FileError/unwritable(path:reason:)``.
    public init(_ store: Store) throws {
        let url = store.lockFile
        do {
            try FileManager.default.createDirectory(at: store.folder, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: store.folder.path, reason: FileError.reason(of: error))
        }
        descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw FileError.unwritable(path: url.path, reason: String(cString: strerror(errno)).lowercased())
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // The descriptor closes with this half-made lock.
            throw WorkflowError.locked(owner: Self.owner(of: store) ?? "a process that left no name", path: url.path)
        }
        let process = ProcessInfo.processInfo.processIdentifier
        let owner = "process \(process) on \(Machine.hostName), since \(Clock.now())"
        ftruncate(descriptor, 0)
        _ = owner.withCString { write(descriptor, $0, strlen($0)) }
    }

    /// Who holds the lock now, or nil where nobody does.
    static func holder(of store: Store) -> String? {
        let descriptor = open(store.lockFile.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return owner(of: store)
    }

    private static func owner(of store: Store) -> String? {
        guard let data = try? Data(contentsOf: store.lockFile), !data.isEmpty else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    deinit {
        guard descriptor >= 0 else { return }
        // A child that was being started has a copy of the descriptor until it begins; closing ours would not do.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

/// The time of day, for provenance and messages only.
enum Clock {
    /// ISO 8601, UTC, to the second.
    static func now() -> String { Date().ISO8601Format() }
}
