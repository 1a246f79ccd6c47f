import Foundation

/// Whether there is room for the files that the work opens.
///
/// Where it runs out inside of the system's own libraries, those end the process by a trap; so it is looked for before.
public enum OpenFiles {
    /// For queues, signals, folders that are held open, and the pipes of a child.
    private static let beside = 32
    /// For the pipes of a child.
    private static let child = 16

    /// Looks whether as many files can be opened as the work may need at once: one on each processor, and some beside.
    ///
    /// - Throws: ``OpenFilesError``.
    public static func check() throws(OpenFilesError) {
        try check(beside + ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Looks whether as many files can be opened as it takes to start another program and to listen to it.
    ///
    /// - Throws: ``OpenFilesError``.
    public static func checkForChild() throws(OpenFilesError) { try check(child) }

    private static func check(_ needed: Int) throws(OpenFilesError) {
        var held: [Int32] = []
        defer { for descriptor in held { close(descriptor) } }
        while held.count < needed {
            let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
            if descriptor < 0 {
                // Without a standard error nothing can be told.
                guard errno == EMFILE || errno == ENFILE else { return }
                throw OpenFilesError(free: held.count, needed: needed, reason: SystemWords.of())
            }
            held.append(descriptor)
        }
    }
}

/// Too little room for the files that the work opens.
public struct OpenFilesError: Error, Equatable, CustomStringConvertible {
    /// Files that can still be opened.
    public let free: Int
    /// Files that may be open at once.
    public let needed: Int
    let reason: String

    public var description: String {
        "Only \(NumberText.counted(free, "more file", "more files")) can be opened, and the work may need \(needed) at once: "
            + "\(reason). \(SystemWords.remedy(for: reason) ?? "")"
    }
}
