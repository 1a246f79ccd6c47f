import Foundation

/// The only way to open a user's file for reading.
///
/// A folder, named pipe, socket or device is refused without waiting for it.
public enum RegularFile {
    /// The size in bytes of the largest file read whole.
    public static let largestSize = 1 << 30

    /// Calls `body` with the open file's descriptor and its size.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` if the file is missing, forbidden or not a regular file.
    public static func withDescriptor<Result>(
        of path: String, _ body: (_ descriptor: Int32, _ size: Int) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: SystemWords.of()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, reason: SystemWords.of()) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: kind(status.st_mode))
        }
        return try body(descriptor, Int(status.st_size))
    }

    /// The bytes of a file of at most `limit` bytes. With `isMapped`, it is memory-mapped and read on demand, and may
    /// then have any size.
    ///
    /// - Throws: ``FileError``.
    static func contents(of path: String, limit: Int, isMapped: Bool) throws(FileError) -> Data {
        try withDescriptor(of: path) { descriptor, size throws(FileError) in
            if isMapped, size > 0 { return try mapped(descriptor, size: size, path: path) }
            guard size <= limit else { throw tooLarge(path, limit) }
            let data = try read(descriptor, atMost: limit + 1, expecting: size, path: path)
            guard data.count <= limit else { throw tooLarge(path, limit) }
            return data
        }
    }

    /// The first bytes of a file, at most `count`.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public static func head(of path: String, count: Int) throws(FileError) -> Data {
        try withDescriptor(of: path) { descriptor, size throws(FileError) in
            try read(descriptor, atMost: count, expecting: min(size, count), path: path)
        }
    }

    /// Reads the next part into `buffer`; at the end the count is 0.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public static func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String
    ) throws(FileError) -> Int {
        let count = next(descriptor, into: buffer)
        guard count >= 0 else { throw .unreadable(path: path, reason: SystemWords.of()) }
        return count
    }

    private static func next(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            guard count < 0, errno == EINTR else { return count }
        }
    }

    private static func read(
        _ descriptor: Int32, atMost limit: Int, expecting size: Int, path: String
    ) throws(FileError) -> Data {
        // A system file may hold more than its reported size.
        var data = Data(count: min(max(size + 1, 1 << 16), limit))
        var filled = 0
        while filled < limit {
            if filled == data.count { data.count = min(2 * data.count, limit) }
            let count = data.withUnsafeMutableBytes { next(descriptor, into: .init(rebasing: $0[filled...])) }
            guard count >= 0 else { throw .unreadable(path: path, reason: SystemWords.of()) }
            if count == 0 { break }
            filled += count
        }
        data.count = filled
        return data
    }

    private static func mapped(_ descriptor: Int32, size: Int, path: String) throws(FileError) -> Data {
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw .unreadable(path: path, reason: SystemWords.of())
        }
        return Data(bytesNoCopy: start, count: size, deallocator: .custom { munmap($0, $1) })
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> FileError {
        .malformed(
            path: path, line: nil, problem: "the file has more than \(NumberText.bytes(Double(limit)))",
            remedy: "Make it smaller, or split it.")
    }

    private static func kind(_ mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "it is a folder"
        case S_IFIFO: "it is a named pipe, not a file"
        case S_IFSOCK: "it is a socket, not a file"
        default: "it is a device, not a file"
        }
    }
}
