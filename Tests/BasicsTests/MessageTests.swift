import Foundation
import Testing

@testable import Basics

/// Error messages with any quoted data and any exhausted resource.
struct MessageTests {
    @Test func `A quoted value is shortened, even a single character of endless length`() {
        #expect("\(quoted: "w017")" == "'w017'")
        let long = String(repeating: "a", count: 3_000_000)
        #expect("\(quoted: long)".count == Bounds.quotedLength + 3)
        #expect("\(quoted: long)".hasSuffix("a…'"))
        let marks = "e" + String(repeating: "\u{301}", count: 1_000_000)
        #expect(marks.count == 1)
        #expect("\(quoted: marks)".utf8.count < 3 * Bounds.quotedLength)
        let whole = String(repeating: "a", count: Bounds.quotedLength)
        #expect(whole.shortened() == whole)
        #expect([long, "b", "c"].listed(2) == long.shortened() + ", b and 1 more")
    }

    @Test func `No error has unlimited length`() {
        let long = String(repeating: "x\u{301}", count: 500_000)
        let errors: [any Error] = [
            FileError.unreadable(path: long, reason: "no such file"),
            FileError.malformed(path: long, line: 1, problem: long, remedy: long),
            FileProblem(path: long, line: 1, problem: long, remedy: long), Endless(description: long),
        ]
        for error in errors {
            #expect(visibleLines(of: error).unicodeScalars.count <= Bounds.lineLength + 1)
        }
    }

    private struct Endless: Error, CustomStringConvertible { let description: String }

    @Test func `A full disk is reported in the system's words, with one full stop`() throws {
        let folder = try TemporaryFolder("full")
        defer { folder.remove() }
        let file = folder.url.appending(path: "checkpoint")
        // The error of a full disk, in the middle of a file written in parts.
        #expect {
            try AtomicFile.stream(to: file) { _ in
                try FileHandle(forWritingTo: URL(filePath: "/dev/full")).write(contentsOf: Data(count: 10))
            }
        } throws: { error in
            "\(error)"
                == "Cannot write \(file.path): no space left on device. Check that the folder exists, is writable and "
                + "has space."
        }
        #expect(try HeldFolder(folder.url).names() == [])
    }

    @Test func `Foundation's messages become part of Whalebook's sentences`() {
        for code in [CocoaError.Code.fileWriteUnknown, .fileReadCorruptFile, .fileWriteOutOfSpace] {
            let reason = FileError.reason(of: CocoaError(code))
            #expect(!reason.isEmpty && !reason.hasSuffix(".") && !reason.contains("\u{2019}"), "\(reason)")
        }
        let below = NSError(domain: NSPOSIXErrorDomain, code: Int(EDQUOT))
        let outer = NSError(domain: NSCocoaErrorDomain, code: 512, userInfo: [NSUnderlyingErrorKey: below])
        #expect(FileError.reason(of: outer) == "disk quota exceeded")
        let plain = CocoaError(.fileWriteUnknown, userInfo: [NSUnderlyingErrorKey: POSIXError(.EFBIG)])
        #expect(FileError.reason(of: plain) == "file too large")
    }

    @Test(arguments: [EMFILE, ENFILE])
    func `Too many open files are reported as such and never blamed on a file`(code: Int32) {
        let error = FileError.unreadable(path: "a.json", reason: SystemWords.of(code))
        #expect("\(error)".contains("a.json: too many open files"), "\(error)")
        #expect("\(error)".contains(code == EMFILE ? "'ulimit -n'" : "fs.file-max") && error.isExhaustion, "\(error)")
        #expect(!"\(error)".contains("Check that"), "\(error)")
        #expect(throws: error) { try FileError.attempt { throw error } as Int? }
        let below = NSError(domain: NSPOSIXErrorDomain, code: Int(code))
        let outer = NSError(domain: NSCocoaErrorDomain, code: 256, userInfo: [NSUnderlyingErrorKey: below])
        #expect(throws: FileError.self) { try FileError.attempt { throw outer } as Int? }
    }

    @Test func `Any other failure of an attempt gives nil`() throws {
        #expect(try FileError.attempt { try FileError.contents(of: URL(filePath: "/nowhere")) } == nil)
        #expect(try FileError.attempt { 1 } == 1)
    }

    @Test(arguments: [1, 3, 4, 2304]) func `Surplus bytes of a matrix are counted`(surplus: Int) throws {
        let folder = try TemporaryFolder("npy")
        defer { folder.remove() }
        let file = folder.url.appending(path: "e.npy")
        try NPYMatrix(rows: 36, columns: 16, values: [Float](repeating: 1, count: 576)).write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(count: surplus))
        try handle.close()
        let count = NumberText.counted(surplus, "byte follows", "bytes follow")
        #expect { try NPYMatrix.read(file) } throws: { error in
            "\(error)".hasPrefix("\(file.path): \(count) after the 36 x 16 values of the header")
        }
    }
}
