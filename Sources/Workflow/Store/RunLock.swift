import Basics
import Foundation

/// Lets only one run at a time write to a store; the system releases it when its process ends, for whatever reason.
public final class RunLock {
    private let lock: FileLock

    /// Takes the lock, or throws an error that names its owner.
    ///
    /// - Throws: ``WorkflowError/locked(owner:path:)``, ``StoreError``, ``FileError/unwritable(path:reason:)``.
    public init(_ store: Store) throws {
        try store.making(store.folder)
        guard let lock = try Self.lock(store) else {
            let owner = Self.owner(of: store) ?? "an unknown process"
            throw WorkflowError.locked(owner: owner, path: store.lockFile.path)
        }
        self.lock = lock
        let process = ProcessInfo.processInfo.processIdentifier
        let owner = "process \(process) on \(HostName.own), since \(Clock.now())"
        ftruncate(lock.descriptor, 0)
        _ = owner.withCString { write(lock.descriptor, $0, strlen($0)) }
    }

    /// The file's lock, or nil if another run holds it.
    ///
    /// A refusal counts only if it lasts: `status` holds the lock for a moment, and so does a child that this process has
    /// forked, until it executes its program.
    private static func lock(_ store: Store) throws -> FileLock? {
        for _ in 0..<attempts {
            if let lock = try FileLock.attempt(at: store.lockFile) { return lock }
            usleep(pause)
        }
        return try FileLock.attempt(at: store.lockFile)
    }

    private static let attempts = 50
    /// Microseconds.
    private static let pause: UInt32 = 20_000

    /// The present owner of the lock, or nil if it is free.
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

/// The time, for provenance and messages only.
enum Clock {
    /// The present time, ISO 8601, UTC, to the second.
    static func now() -> String { Date().ISO8601Format() }
}
