import Foundation

/// Checks that enough files can be opened.
///
/// System libraries trap when they run out of files, so this is checked in advance.
public enum OpenFiles {
    /// For queues, signals, open folders and the pipes of a child.
    private static let beside = 32
    /// For the pipes of a child.
    private static let child = 16

    /// Checks that as many files can be opened as the work may need at once: one on each processor, and some more.
    ///
    /// - Throws: ``OpenFilesError``.
    public static func check() throws(OpenFilesError) {
        try check(beside + ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Checks that enough files can be opened to start another program and read its output.
    ///
    /// - Throws: ``OpenFilesError``.
    public static func checkForChild() throws(OpenFilesError) { try check(child) }

    private static func check(_ needed: Int) throws(OpenFilesError) {
        var held: [Int32] = []
        defer { for descriptor in held { close(descriptor) } }
        while held.count < needed {
            let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
            if descriptor < 0 {
                // Without standard error nothing can be checked.
                guard errno == EMFILE || errno == ENFILE else { return }
                throw OpenFilesError(free: held.count, needed: needed, reason: SystemWords.of())
            }
            held.append(descriptor)
        }
    }
}

/// Too few files can be opened.
public struct OpenFilesError: Error, Equatable, CustomStringConvertible {
    /// The number of files that can still be opened.
    public let free: Int
    /// The number of files that may be open at once.
    public let needed: Int
    let reason: String

    public var description: String {
        "Only \(NumberText.counted(free, "more file", "more files")) can be opened, but \(needed) may be needed at once: "
            + "\(reason). \(SystemWords.remedy(for: reason) ?? "")"
    }
}
