import Basics
import Foundation
import Testing

struct StreamTests {
    @Test func `A temporarily full pipe loses nothing`() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        let stream = StandardStream(descriptor: descriptor)
        let text = String(repeating: "räksmörgås\n", count: 100_000)
        Thread.detachNewThread {
            stream.write(text)
            try? pipe.fileHandleForWriting.close()
        }
        Thread.sleep(forTimeInterval: 0.2)
        #expect(try pipe.fileHandleForReading.readToEnd() == Data(text.utf8))
        #expect(stream.failure == nil && stream.hasWritten)
    }

    @Test func `The first failure is recorded`() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let stream = StandardStream(descriptor: full.fileDescriptor)
        #expect(stream.failure == nil)
        stream.write("")
        #expect(stream.failure == nil)
        stream.write("words")
        #expect(stream.failure == .ENOSPC && !stream.hasWritten)
    }

    @Test func `A temporary folder is private to its user and gets removed`() throws {
        let folder = try TemporaryFolder("test"), other = try TemporaryFolder("test")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.url.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        try Data().write(to: folder.url.appending(path: "a"))
        folder.remove()
        #expect(!FileManager.default.fileExists(atPath: folder.url.path))
        #expect(FileManager.default.fileExists(atPath: other.url.path))
        other.remove()
    }
}
