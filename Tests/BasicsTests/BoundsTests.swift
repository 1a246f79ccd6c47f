import Foundation
import Testing

@testable import Basics

/// Limits of readers, so that no file keeps a program busy or fills its memory.
@Suite struct BoundsTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func table(_ text: String) throws -> CSVTable { try CSVTable(parsing: Data(text.utf8), path: "x.csv") }

    private func npy(
        _ shape: String, type: String = "<f4", order: String = "False", values: Int = 0
    ) throws -> NPYMatrix {
        let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
        var data = NPYMatrix.signature + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
        data += Data(count: 4 * values)
        let url = folder.appending(path: "\(UUID()).npy")
        try AtomicFile.write(data, to: url)
        return try NPYMatrix.read(url)
    }

    @Test func `A header as wide as a spreadsheet's is read, and a wider one is refused`() throws {
        let names = (0..<Bounds.tableColumns).map { "column\($0)" }.joined(separator: ",")
        #expect(try table(names + "\n").header.count == Bounds.tableColumns)
        let error = try #require(throws: FileError.self) { try table(names + ",one\n") }
        #expect(error.description.hasPrefix("x.csv:1: the row has more than 16384 columns"))
        #expect(throws: FileError.self) { try table(String(repeating: ",", count: 10_000_000)) }
    }

    @Test func `A missing column of a wide table is reported in a few lines`() throws {
        let wide = try table((0..<16_000).map { "column\($0)" }.joined(separator: ",") + "\n")
        let error = try #require(throws: FileError.self) { try wide.column("whale_id") }
        #expect(error.description.count < 1000 && error.description.contains("and 15980 more"))
    }

    @Test(arguments: ["", "\"", "a\n\""])
    func `An overlong row is refused`(start: String) throws {
        let text = start + String(repeating: "x", count: CSVTable.longestRow + 1) + (start.isEmpty ? "" : "\"")
        let error = try #require(throws: FileError.self) { try table(text) }
        #expect(error.description.contains("more than 16 MiB"))
    }

    @Test func `The first row with too few cells is reported, regardless of how many follow`() throws {
        let error = try #require(throws: FileError.self) {
            try table("a,b\n1,2\n3\n" + String(repeating: "4\n", count: 100_000))
        }
        #expect(error.description.hasPrefix("x.csv:3:"))
    }

    @Test(arguments: ["(9223372036854775807, 0)", "(0, 9223372036854775807)", "(60, 0)", "(0, 8)", "(0, 0)"])
    func `An array without a number is refused at once`(shape: String) throws {
        let error = try #require(throws: FileError.self) { try npy(shape) }
        #expect(error.description.contains("is empty"))
    }

    @Test(arguments: [
        "(9223372036854775807, 2)", "(4611686018427387905, 4)", "(99999999999999999999, 1)", "(3, 3000000)", "(-1, 4)",
    ])
    func `A shape that the file cannot have is refused`(shape: String) throws {
        #expect(throws: FileError.self) { try npy(shape, values: 4) }
    }

    @Test func `The error for an array in Fortran order says how to save it`() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Cases/12/fortran.npy")
        let error = try #require(throws: FileError.self) { try NPYMatrix.read(file) }
        #expect(error.description.contains("numpy.save(path, numpy.ascontiguousarray(array))"))
    }

    @Test func `The error for an array of another type says how to save it`() throws {
        let plain = try #require(throws: FileError.self) { try npy("(2, 2)", type: "<f8", values: 8) }
        #expect(plain.description.contains("the values are of type '<f8', not little-endian float32 ('<f4')."))
        #expect(plain.description.hasSuffix("Save it with numpy.save(path, array.astype('float32'))."))
        let both = try #require(throws: FileError.self) { try npy("(2, 2)", type: "<f8", order: "True", values: 8) }
        #expect(both.description.hasSuffix("numpy.save(path, numpy.ascontiguousarray(array.astype('float32')))."))
    }

    @Test(arguments: [
        ("PK\u{3}\u{4}\u{14}\0\0\0embeddings.npy", "an archive of NumPy arrays (.npz). Save one array"),
        ("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer whose contents were not fetched"),
        ("<html>", "a web page or XML"),
    ])
    func `The error for another kind of file than an array names the kind`(text: String, words: String) throws {
        let url = folder.appending(path: "other.npy")
        try Data(text.utf8).write(to: url)
        let error = try #require(throws: FileError.self) { try NPYMatrix.read(url) }
        #expect(error.description.contains("this is not an .npy file but \(words)"), "\(error)")
    }

    @Test(arguments: [true, false])
    func `Anything but a regular file is refused without waiting`(mapped: Bool) throws {
        let pipe = folder.appending(path: "pipe.csv").path
        #expect(mkfifo(pipe, 0o600) == 0)
        for (path, reason) in [
            (pipe, "it is a named pipe"), ("/dev/zero", "it is a device"), (folder.path, "it is a folder"),
            (folder.path + "/none", "no such file or directory"),
        ] {
            let error = try #require(throws: FileError.self) {
                try FileError.contents(of: URL(filePath: path), mapped: mapped)
            }
            #expect(error.description.contains(reason), "\(error)")
        }
        #expect(throws: FileError.self) { try RegularFile.head(of: pipe, count: 10) }
    }

    @Test func `A file beyond the reader's limit is refused before reading`() throws {
        let url = folder.appending(path: "large.csv")
        try Data("a\n".utf8).write(to: url)
        // A sparse file takes no space on the disk.
        #expect(truncate(url.path, CSVTable.largestSize + 1) == 0)
        let error = try #require(throws: FileError.self) { try CSVTable.read(url) }
        #expect(error.description.contains("more than 256 MiB"))
        #expect(truncate(url.path, 1 << 40) == 0)
        #expect(throws: FileError.self) { try FileError.contents(of: url) }
    }

    @Test func `A file is read whole, regardless of its reported size`() throws {
        let url = folder.appending(path: "text")
        for count in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0) })
            try data.write(to: url)
            #expect(try FileError.contents(of: url) == data)
            #expect(try FileError.contents(of: url, mapped: true) == data)
            #expect(try FileError.contents(of: url, limit: count) == data)
            #expect(try RegularFile.head(of: url.path, count: 100) == data.prefix(100))
        }
        // System files report that they are empty.
        #expect(try FileError.contents(of: URL(filePath: "/proc/self/status")).starts(with: Data("Name:".utf8)))
    }

    @Test func `Of any number of problems the first are kept and the others counted`() {
        var list = ProblemList()
        for line in 1...1_000_000 { list.add("x.csv", line: line, "wrong", "Correct it.") }
        list.append(ProblemList([FileProblem(path: "y", line: nil, problem: "also", remedy: "Look.")]))
        #expect(list.count == 1_000_001 && list.problems.map(\.line) == (1...20).map(Optional.init))
        #expect(list.description.hasSuffix("x.csv:20: wrong. Correct it.\n… and 999981 more."))
    }

    @Test func `A problem with a very long quotation is shortened`() {
        let long = String(repeating: "я", count: 100_000)
        let problem = FileProblem(path: "x", line: 1, problem: long, remedy: long)
        #expect(problem.problem.count == 2001 && problem.remedy.hasSuffix("…"))
    }

    @Test func `A word of any length is compared with names quickly`() {
        let long = String(repeating: "ab", count: 500_000)
        #expect(Spelling.nearest(to: long, among: ["label", long + "x"]) == nil)
        #expect(Spelling.nearest(to: "label", among: [long]) == nil)
    }

    @Test func `An invalid picture size leaves nothing of a box`() throws {
        let box = try #require(PixelBox(x: 5, y: 5, width: 10, height: 10))
        for size in [Int.min, -1, 0, 1, Int.max] { _ = box.clipped(toWidth: size, height: size) }
        #expect(box.clipped(toWidth: .min, height: 10) == nil)
        #expect(box.clipped(toWidth: .max, height: .max) == box)
    }

    @Test func `Of many names the first are listed, with the number of others`() {
        let names = (1...30_000).map { "n\($0)" }
        #expect(names.firstLines.count == 21 && names.firstLines.last == "… and 29980 more.")
        #expect(names.prefix(20).firstLines == Array(names.prefix(20)))
        #expect(names.listed(3) == "n1, n2, n3 and 29997 more")
        #expect(names.prefix(3).listed(3, by: "; ") == "n1; n2; n3")
    }
}
