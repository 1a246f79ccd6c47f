import Basics
import Foundation

/// Lets one run at a time write to a store; ends with the process that holds it, however that ends.
public final class RunLock {
    private let lock: FileLock

    /// Takes the lock, or says who has it.
    ///
    /// - Throws: ``WorkflowError/locked(owner:path:)``, ``StoreError``, ``FileError/unwritable(path:reason:)``.
    public init(_ store: Store) throws {
        try store.making(store.folder)
        guard let lock = try FileLock.attempt(at: store.lockFile) else {
            let owner = Self.owner(of: store) ?? "a process that left no name"
            throw WorkflowError.locked(owner: owner, path: store.lockFile.path)
        }
        self.lock = lock
        let process = ProcessInfo.processInfo.processIdentifier
        let owner = "process \(process) on \(Machine.hostName), since \(Clock.now())"
        ftruncate(lock.descriptor, 0)
        _ = owner.withCString { write(lock.descriptor, $0, strlen($0)) }
    }

    /// Who holds the lock now, or nil where nobody does.
    static func holder(of store: Store) -> String? {
        let descriptor = open(store.lockFile.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return owner(of: store)
    }

    private static func owner(of store: Store) -> String? {
        guard let data = try? store.contents(of: store.lockFile), !data.isEmpty else { return nil }
        return String(decoding: data, as: UTF8.self).shortened()
    }
}

/// The time of day, for provenance and messages only.
enum Clock {
    /// ISO 8601, UTC, to the second.
    static func now() -> String { Date().ISO8601Format() }
}
