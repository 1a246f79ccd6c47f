import Foundation

/// An open folder whose entries are accessed by name and never through a symbolic link.
///
/// Only a folder opened by its path may be a link, because the caller chose the path.
public final class HeldFolder: Sendable {
    /// The type of an entry.
    public enum Kind: Sendable { case file, folder, link, other }

    /// For messages.
    public let path: String
    private let descriptor: Int32

    /// Opens a folder by a trusted path.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public init(_ url: URL) throws {
        path = url.path
        descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.unreadable(path: url.path, reason: SystemWords.of()) }
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// The type of an entry, or nil if it does not exist.
    public func kind(of name: String) -> Kind? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    /// The names of all entries, sorted.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public func names() throws -> [String] {
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = fdopendir(own) else {
            throw FileError.unreadable(path: path, reason: SystemWords.of())
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A folder in this one.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, also for a link.
    public func folder(_ name: String) throws -> HeldFolder {
        let found = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard found >= 0 else { throw FileError.unreadable(path: "\(path)/\(name)", reason: reason(of: name)) }
        return HeldFolder(descriptor: found, path: "\(path)/\(name)")
    }

    /// A folder in this one, created if it is missing.
    ///
    /// - Throws: ``FileError``, also for a link.
    public func makingFolder(_ name: String) throws -> HeldFolder {
        guard mkdirat(descriptor, name, 0o777) == 0 || errno == EEXIST else {
            throw FileError.unwritable(path: "\(path)/\(name)", reason: SystemWords.of())
        }
        return try folder(name)
    }

    /// Opens a regular file for reading; the caller closes the descriptor.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, also for a link and for anything but a regular file.
    public func opening(_ name: String) throws(FileError) -> Int32 {
        // Opening a pipe must not wait for a writer.
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(path: "\(path)/\(name)", reason: reason(of: name)) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw .unreadable(path: "\(path)/\(name)", reason: "it is not a regular file")
        }
        return file
    }

    /// The bytes of a regular file.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, also for a link.
    public func contents(of name: String) throws -> Data {
        let handle = FileHandle(fileDescriptor: try opening(name), closeOnDealloc: true)
        do {
            return try handle.readToEnd() ?? Data()
        } catch {
            throw FileError.unreadable(path: "\(path)/\(name)", reason: FileError.reason(of: error))
        }
    }

    /// The bytes of a regular file below this folder; nil if a part of the path is missing or ``StoredName/isPath(_:)``
    /// rejects it.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, also for a link anywhere in the path.
    public func contents(at path: String) throws -> Data? {
        guard StoredName.isPath(path) else { return nil }
        var folder = self
        let names = path.split(separator: "/").map(String.init)
        for name in names.dropLast() {
            guard folder.kind(of: name) != nil else { return nil }
            folder = try folder.folder(name)
        }
        guard let name = names.last, folder.kind(of: name) != nil else { return nil }
        return try folder.contents(of: name)
    }

    /// Writes a partial file and renames it into place, like ``AtomicFile``; an existing link is replaced, not
    /// followed.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func write(_ data: Data, to name: String) throws {
        let partial = ".\(name).\(ProcessInfo.processInfo.processIdentifier).partial"
        let file = try creating(partial)
        do {
            try FileHandle(fileDescriptor: file, closeOnDealloc: true).write(contentsOf: data)
            try rename(partial, to: name)
        } catch {
            unlinkat(descriptor, partial, 0)
            throw error is FileError
                ? error : FileError.unwritable(path: "\(path)/\(name)", reason: FileError.reason(of: error))
        }
    }

    /// Creates a file and opens it for writing. An existing file or link of that name is removed; a link's target
    /// stays. The caller closes the descriptor.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func creating(_ name: String) throws -> Int32 {
        unlinkat(descriptor, name, 0)
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError.unwritable(path: "\(path)/\(name)", reason: SystemWords.of()) }
        return file
    }

    /// Gives an entry another name in this folder; an existing file or empty folder of that name is replaced.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func rename(_ name: String, to other: String) throws {
        guard renameat(descriptor, name, descriptor, other) == 0 else {
            throw FileError.unwritable(path: "\(path)/\(other)", reason: SystemWords.of())
        }
    }

    /// Removes a file, a link but not its target, or an empty folder.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func remove(_ name: String) throws {
        let flags = kind(of: name) == .folder ? AT_REMOVEDIR : 0
        guard unlinkat(descriptor, name, Int32(flags)) == 0 else {
            throw FileError.unwritable(path: "\(path)/\(name)", reason: SystemWords.of())
        }
    }

    /// Removes an entry and everything below it; links are removed, not followed.
    ///
    /// - Throws: ``FileError``.
    public func removeAll(_ name: String) throws {
        if kind(of: name) == .folder {
            let inner = try folder(name)
            for name in try inner.names() { try inner.removeAll(name) }
        }
        try remove(name)
    }

    /// The size in bytes of all regular files in an entry.
    public func size(of name: String) -> Int64 {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return 0 }
        if status.st_mode & S_IFMT == S_IFREG { return Int64(status.st_size) }
        guard status.st_mode & S_IFMT == S_IFDIR, let inner = try? folder(name) else { return 0 }
        return ((try? inner.names()) ?? []).reduce(0) { $0 + inner.size(of: $1) }
    }

    /// Why an entry could not be opened.
    private func reason(of name: String) -> String {
        let words = SystemWords.of()
        return kind(of: name) == .link ? SystemWords.link : words
    }
}
