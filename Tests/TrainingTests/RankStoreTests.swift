import Basics
import Foundation
import Jobs
import TestSupport
import Testing
import Torch

@testable import Training

/// Processes that wait at the store of rank 0 while it goes away.
@Suite(.serialized) struct RankStoreTests {
    /// A worker, and what it sent.
    private final class Worker {
        private let process = Process()
        private let folder: TemporaryFolder
        private let output: URL
        /// Open while a host may listen.
        private let input = Pipe()

        /// Starts a worker as one of two ranks that meet at a port of this machine.
        init(_ arguments: [String], rank: Int, port: UInt16, patience: Int) throws {
            folder = try TemporaryFolder("rank-store")
            output = folder.url.appending(path: "output")
            try Data().write(to: output)
            process.executableURL = Bundle.main.bundleURL.appending(path: "whalebook-worker")
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging([
                "RANK": "\(rank)", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(port)",
                "WHALEBOOK_RANK_TIMEOUT": "\(patience)", "WHALEBOOK_THREADS": "1",
            ]) { $1 }
            process.standardInput = input
            process.standardOutput = try FileHandle(forWritingTo: output)
            try process.run()
        }

        var id: pid_t { process.processIdentifier }

        func events() throws -> [JSONValue] {
            try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map {
                try JSONValue(parsing: Data($0.utf8))
            }
        }

        /// Waits until the worker has sent an event, as a host does when it listens.
        func listens() throws -> Bool {
            let start = ContinuousClock.now
            while try events().isEmpty, start.elapsedSeconds < 60 { Thread.sleep(forTimeInterval: 0.02) }
            return try !events().isEmpty
        }

        /// Waits for the worker's end.
        ///
        /// - Returns: The failure that it reported, and the seconds until its end.
        func end() throws -> (words: String, seconds: Double) {
            let start = ContinuousClock.now
            while process.isRunning, start.elapsedSeconds < 60 { Thread.sleep(forTimeInterval: 0.02) }
            let seconds = start.elapsedSeconds
            #expect(!process.isRunning && process.terminationReason == .exit && process.terminationStatus == 1)
            return (try events().last?[path: "failed._0"]?.string ?? "no failure", seconds)
        }

        func remove() {
            if process.isRunning { kill(id, SIGKILL) }
            folder.remove()
        }
    }

    /// Waits until a worker has connected: the host and this connection count, too.
    private static func hasJoined(_ port: UInt16) throws -> Bool {
        let store = try SharedStore.connected(to: "127.0.0.1", port: port, within: 60)
        let start = ContinuousClock.now
        while try store.value(of: "joined") != "3", start.elapsedSeconds < 60 { Thread.sleep(forTimeInterval: 0.05) }
        return try store.value(of: "joined") == "3"
    }

    @Test func `A host that resets connections ends the waiting process with a sentence`() throws {
        let (listener, port) = try FreePort.listener()
        let worker = try Worker(["share", "1"], rank: 1, port: port, patience: 60)
        defer { worker.remove() }
        // Its first connection stays open. libtorch 1.13 reads from a second on a thread of its own, and 2.x has none.
        var pending = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        #expect(poll(&pending, 1, 60_000) == 1)
        let first = accept(listener, nil, nil)
        _ = poll(&pending, 1, 3000)
        close(listener)
        Thread.sleep(forTimeInterval: 0.5)
        close(first)
        let (words, _) = try worker.end()
        #expect(
            words.hasPrefix("The run of rank 0 is gone: ") || words.hasPrefix("The store of rank 0 at "), "\(words)")
    }

    @Test(arguments: [SIGKILL, SIGSTOP])
    func `A process that waits for a job notices that the host is gone, or cut off`(signal: Int32) throws {
        let port = try FreePort.next()
        let host = try Worker(["host"], rank: 0, port: port, patience: 30)
        defer { host.remove() }
        #expect(try host.listens())
        let worker = try Worker(["share", "1"], rank: 1, port: port, patience: 3)
        defer { worker.remove() }
        #expect(try Self.hasJoined(port))
        // It waits for a job, longer than its patience.
        Thread.sleep(forTimeInterval: 4)
        kill(host.id, signal)
        let (words, seconds) = try worker.end()
        #expect(words.hasPrefix("The run of rank 0 is gone: "), "\(words)")
        #expect(words.hasSuffix("Run again: a training continues from its last checkpoint."))
        #expect(seconds < 15)
    }
}
