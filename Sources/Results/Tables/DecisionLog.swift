import Basics
import Foundation
import Synchronization

/// The decisions of one or several people: `decisions.csv`, to which several programs may append at a time.
///
/// A row is one line and is on the disk when ``append(_:)`` returns. A line that cannot be read is reported and stays in
/// the file. Nothing in the file is ever changed: undoing a decision appends a row.
public final class DecisionLog: Sendable {
    /// The usual name of the file.
    public static let fileName = "decisions.csv"
    /// The largest file that is read: about a million decisions.
    public static let largestSize = CSVTable.largestSize

    /// Where the file lies.
    public let url: URL

    private struct State {
        var decisions: [PairDecision] = []
        var ids: Set<String> = []
        var problems = ProblemList()
        /// Bytes and lines that have been read, whole lines only.
        var offset = 0
        var lines = 0
        var header: [String]?
        /// The last line, if it has no end.
        var tail: FileProblem?
        /// The file's inode, since a program may replace the file.
        var inode: UInt64?
        /// How often the file was read from its start.
        var generation = 0
    }

    private let state = Mutex(State())

    /// Opens the file, which need not exist, and reads it.
    ///
    /// - Throws: ``FileError`` if it cannot be read or has another header.
    public init(_ url: URL) throws {
        self.url = url
        try refresh()
    }

    /// Whether a file has the header of decisions.
    ///
    /// - Throws: ``FileError`` if it cannot be read.
    public static func isLog(_ url: URL) throws -> Bool {
        let head = try RegularFile.head(of: url.path, count: 4096)
        let line = head.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let names = try? CSVTable(parsing: Data(line), path: url.path).header else { return false }
        return PairDecision.form.columns.allSatisfy(names.contains)
    }

    /// The decisions that have been read.
    public struct Contents: Sendable {
        /// In the order of the file; undone ones are among them.
        public let decisions: [PairDecision]
        /// Grows if the file was replaced, so that earlier decisions may be gone.
        public let generation: Int
    }

    /// What has been read; only the decisions after the first `known` ones of `generation`.
    public func contents(after known: Int = 0, of generation: Int = 0) -> Contents {
        state.withLock { state in
            let skipped = generation == state.generation ? min(known, state.decisions.count) : 0
            return Contents(decisions: Array(state.decisions[skipped...]), generation: state.generation)
        }
    }

    /// The lines that could not be read.
    public var problems: ProblemList {
        state.withLock { state in
            var problems = state.problems
            if let tail = state.tail { problems.append(tail) }
            return problems
        }
    }

    /// Reads what any program has appended.
    ///
    /// - Throws: ``FileError``.
    public func refresh() throws {
        try state.withLock { state in
            let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else {
                guard errno == ENOENT else {
                    throw FileError.unreadable(path: url.path, reason: SystemWords.of())
                }
                if state.inode != nil { state = State(generation: state.generation + 1) }
                return
            }
            defer { close(descriptor) }
            try Self.lock(descriptor, LOCK_SH, path: url.path)
            defer { flock(descriptor, LOCK_UN) }
            try read(descriptor, &state)
        }
    }

    /// Appends a decision, unless the file already has its id.
    ///
    /// - Throws: ``FileError``; the file is then unchanged.
    public func append(_ decision: PairDecision) throws {
        try state.withLock { state in
            let descriptor = try openForAppending()
            defer { close(descriptor) }
            defer { flock(descriptor, LOCK_UN) }
            try read(descriptor, &state)
            guard !state.ids.contains(decision.id) else { return }
            let size = Int(lseek(descriptor, 0, SEEK_END))
            let columns = state.header ?? PairDecision.form.columns
            let cells = Dictionary(
                uniqueKeysWithValues: zip(PairDecision.form.columns, PairDecision.form.cells(of: decision)))
            var text = state.header == nil ? CSVTable.text(header: columns, rows: []) : ""
            // Ends a line that was cut off, so that it spoils no other.
            if state.tail != nil { text = "\n" + text }
            text += CSVTable.text(header: columns.map { cells[$0] ?? "" }, rows: [])
            try write(Data(text.utf8), descriptor, size: size)
            try read(descriptor, &state)
        }
    }

    private func openForAppending() throws -> Int32 {
        while true {
            let descriptor = open(url.path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw FileError.unwritable(path: url.path, reason: SystemWords.of()) }
            do {
                try Self.lock(descriptor, LOCK_EX, path: url.path)
            } catch {
                close(descriptor)
                throw error
            }
            var own = stat()
            var current = stat()
            // A program may have replaced the file while this one waited for the lock.
            if fstat(descriptor, &own) == 0, stat(url.path, &current) == 0, own.st_ino == current.st_ino,
                own.st_dev == current.st_dev
            {
                return descriptor
            }
            close(descriptor)
        }
    }

    private static func lock(_ descriptor: Int32, _ operation: Int32, path: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError.unreadable(path: path, reason: "it is not a regular file")
        }
        while flock(descriptor, operation) != 0 {
            guard errno == EINTR else { throw FileError.unreadable(path: path, reason: SystemWords.of()) }
        }
    }

    /// Writes all bytes to the end and to the disk, or leaves the file as it was.
    private func write(_ data: Data, _ descriptor: Int32, size: Int) throws {
        var failure: String?
        data.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(
                    descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    failure = SystemWords.of()
                    return
                }
                written += count
            }
        }
        if failure == nil, fsync(descriptor) != 0 { failure = SystemWords.of() }
        if let failure {
            ftruncate(descriptor, off_t(size))
            throw FileError.unwritable(path: url.path, reason: failure)
        }
    }

    // MARK: Reading

    private func read(_ descriptor: Int32, _ state: inout State) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileError.unreadable(path: url.path, reason: SystemWords.of())
        }
        let (inode, size) = (UInt64(status.st_ino), Int(status.st_size))
        guard size <= Self.largestSize else {
            throw FileError.malformed(
                path: url.path, line: nil,
                problem: "the file has more than \(NumberText.bytes(Double(Self.largestSize)))",
                remedy: "Begin another one with --decisions.")
        }
        if let known = state.inode, known != inode || size < state.offset {
            state = State(generation: state.generation + 1)
        }
        state.inode = inode
        guard size > state.offset || state.tail != nil else { return }
        var bytes = Data(count: size - state.offset)
        var filled = 0
        while filled < bytes.count {
            let place = off_t(state.offset + filled)
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled, place)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError.unreadable(path: url.path, reason: SystemWords.of()) }
            if count == 0 { break }
            filled += count
        }
        try Self.take([UInt8](bytes.prefix(filled)), path: url.path, &state)
    }

    /// The part of a file that ends with its last whole line.
    public struct Part: Sendable {
        /// In the order of the file; undone ones are among them.
        public let decisions: [PairDecision]
        /// The lines that could not be read.
        public let problems: ProblemList
        /// Its length, bytes. Programs only append, so a longer file begins with the same bytes.
        public let length: Int
    }

    /// Reads a file's bytes; `path` is for messages.
    ///
    /// - Throws: ``FileError`` for another header.
    public static func read(_ bytes: Data, path: String) throws -> Part {
        var state = State()
        try take([UInt8](bytes), path: path, &state)
        return Part(decisions: state.decisions, problems: state.problems, length: state.offset)
    }

    private static func take(_ content: [UInt8], path: String, _ state: inout State) throws {
        state.tail = nil
        var start = 0
        while let end = content[start...].firstIndex(of: UInt8(ascii: "\n")) {
            state.lines += 1
            try take(line: Data(content[start..<end]), path: path, &state)
            start = end + 1
        }
        state.offset += start
        if start < content.count {
            state.tail = FileProblem(
                path: path, line: state.lines + 1, problem: "the line has no end, so it may be cut off",
                remedy: "It is kept, but not used. Decide again about this pair.")
        }
    }

    private static func take(line: Data, path: String, _ state: inout State) throws {
        let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        if content.isEmpty { return }
        guard let header = state.header else {
            let table = try? CSVTable(parsing: Data(content), path: path)
            guard let names = table?.header, PairDecision.form.columns.allSatisfy(names.contains) else {
                let whole = CSVTable.text(header: PairDecision.form.columns, rows: [])
                if whole.utf8.starts(with: content) {
                    state.problems.add(
                        path, line: state.lines, "the header is cut off", "It is kept, but not used.")
                    return
                }
                throw FileError.malformed(
                    path: path, line: state.lines, problem: "this is not a file of decisions",
                    remedy: "Name another file, or a new one, with --decisions.")
            }
            state.header = names
            return
        }
        do {
            let table = try CSVTable(
                parsing: Data(CSVTable.text(header: header, rows: []).utf8) + content, path: path)
            for row in try PairDecision.form.read(table, remedy: "It is kept, but not used.") {
                guard state.ids.insert(row.row.id).inserted else { continue }
                state.decisions.append(row.row)
            }
        } catch let error as FileError {
            state.problems.append(error.problem(line: state.lines))
        }
    }
}

extension FileError {
    /// What is wrong with one line of a longer file.
    fileprivate func problem(line: Int) -> FileProblem {
        guard case .malformed(let path, _, let problem, _) = self else {
            return FileProblem(path: "", line: line, problem: description, remedy: "")
        }
        return FileProblem(
            path: path, line: line, problem: problem,
            remedy: "The line is kept, but not used. Decide again about this pair.")
    }
}
