import Basics
import Foundation
import Testing

@testable import Torch

final class SafetensorsTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "safetensors-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let wrongShape = SafetensorsHeader.Flaw.wrong(
        name: "a.shape", expected: "a list of whole numbers of at least 0")

    /// A file with a header and a number of zeros.
    private func file(_ header: String, zeros: Int, length: UInt64? = nil) throws -> URL {
        let url = folder.appending(path: "\(UUID().uuidString).safetensors")
        var data = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
        data.append(contentsOf: header.utf8)
        data.append(Data(count: zeros))
        try AtomicFile.write(data, to: url)
        return url
    }

    private func flaw(of url: URL) -> SafetensorsHeader.Flaw? {
        do {
            _ = try Safetensors.read(url)
        } catch SafetensorsError.damaged(url.path, let flaw) {
            return flaw
        } catch {
            Issue.record(error)
        }
        return nil
    }

    @Test func `Written tensors are read with the same type`() throws {
        let url = folder.appending(path: "a.safetensors")
        let weight = try Tensor([1, -2, 0.5, 4] as [Float], shape: [2, 2])
        let tensors = [
            ("weight", weight), ("half", try weight.cast(to: .float16)), ("brain", try weight.cast(to: .bfloat16)),
            ("double", try Tensor([0.1], shape: [1])), ("steps", try Tensor([7], shape: [])),
            ("empty", try Tensor([] as [Float], shape: [0, 3])),
        ]
        try Safetensors.write(
            tensors.map { (name: $0.0, tensor: $0.1) }, metadata: ["back\n\"bone\"": "größe"], to: url)
        let file = try Safetensors.read(url)
        #expect(file.names == ["brain", "double", "empty", "half", "steps", "weight"])
        #expect(file.metadata == ["back\n\"bone\"": "größe"])
        for (name, tensor) in tensors {
            #expect(file.shape(of: name) == tensor.shape)
            #expect(file.type(of: name) == tensor.type)
            #expect(try file.tensor(name).doubles() == tensor.doubles())
        }
        #expect(throws: SafetensorsError.noTensor(path: url.path, name: "weigth", nearest: "weight")) {
            try file.tensor("weigth")
        }
        #expect(throws: SafetensorsError.duplicate(path: url.path, name: "w")) {
            try Safetensors.write([("w", weight), ("w", weight)], to: url)
        }
        #expect(try Safetensors.read(url).names == file.names, "the earlier file must stay")
        let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(entries == ["a.safetensors"], "no other file must remain")
    }

    @Test func `Every half-precision number becomes the same float32`() throws {
        // All bit patterns that are numbers; the conversion to float32 is exact by definition.
        let patterns = (0...UInt16.max).map { $0 }
        for (name, isNumber, value) in [
            (
                "F16", { (bits: UInt16) in bits & 0x7C00 != 0x7C00 },
                { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
            ),
            ("BF16", { $0 & 0x7F80 != 0x7F80 }, { Float(bitPattern: UInt32($0) << 16) }),
        ] {
            let numbers = patterns.filter(isNumber)
            let header =
                #"{"a":{"dtype":"\#(name)","shape":[\#(numbers.count)],"data_offsets":[0,\#(numbers.count * 2)]}}"#
            let url = try file(header, zeros: 0)
            let handle = try FileHandle(forWritingTo: url)
            try handle.seekToEnd()
            try handle.write(contentsOf: numbers.withUnsafeBytes { Data($0) })
            try handle.close()
            let target = try Tensor(repeating: 1, shape: [numbers.count])
            try target.assign(Safetensors.read(url).tensor("a"))
            #expect(try target.floats().map(\.bitPattern) == numbers.map { value($0).bitPattern }, "\(name)")
        }
    }

    @Test(
        arguments: [
            (
                #"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,8]}}"#,
                .sizeMismatch(name: "a", shape: [2, 2], bytes: 16, begin: 0, end: 8)
            ),
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
                .sizeMismatch(name: "a", shape: [2], bytes: 8, begin: 8, end: 0)
            ),
            (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, .beyondEnd(name: "a", end: 16, present: 8)),
            (#"{"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}}"#, .unreadType(name: "a", type: "I8")),
            (
                #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
                .shapeTooLarge(name: "a", shape: [4_611_686_018_427_387_904, 4])
            ),
            (
                #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[9223372036854774784,9223372036854774784]}}"#,
                .beyondEnd(name: "a", end: 9_223_372_036_854_774_784, present: 8)
            ),
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
                .overlap(first: "a", second: "b")
            ),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, .hole(bytes: 4, before: "a")),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, .hole(bytes: 4, before: nil)),
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\u0061":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
                .duplicate(name: "a")
            ),
            (#"{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}"#, .duplicate(name: "a.shape")),
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}"#,
                .incomplete(name: "a", missing: "two data_offsets")
            ),
            (#"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#, .incomplete(name: "a", missing: "shape")),
            (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, Self.wrongShape),
            (#"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#, Self.wrongShape),
            (#"{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}"#, Self.wrongShape),
            (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, Self.wrongShape),
            (
                #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[9223372036854775807,9223372036854775807]}}"#,
                .wrong(name: "a.data_offsets", expected: "a list of whole numbers of at least 0")
            ),
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#,
                .wrong(name: "a.more", expected: "dtype, shape or data_offsets")
            ),
            (#"{"__metadata__":{"a":1}}"#, .wrong(name: "__metadata__.a", expected: "text")),
            (#"{"a":7}"#, .wrong(name: "a", expected: "an object")), (#"{} x"#, .notJSON(byte: 3)),
            ("no json", .notJSON(byte: 0)), (#"{"a"#, .notJSON(byte: 3)), (#"{"\ud800":1}"#, .notJSON(byte: 8)),
            ("", .notJSON(byte: 0)), ("[]", .notJSON(byte: 0)),
        ] as [(String, SafetensorsHeader.Flaw)])
    func `A false header is refused`(header: String, flaw expected: SafetensorsHeader.Flaw) throws {
        #expect(flaw(of: try file(header, zeros: 8)) == expected)
    }

    @Test func `A deeply nested header is refused without exhausting the stack`() throws {
        // Deep enough to overflow the stack of a parser that calls itself for each bracket.
        let bomb = #"{"a":{"dtype":"F32","shape":"# + String(repeating: "[", count: 5_000_000)
        #expect(flaw(of: try file(bomb, zeros: 8)) == .notJSON(byte: 539))
    }

    @Test func `A header longer than its file, or than any header, is refused`() throws {
        #expect(
            flaw(of: try file("{}", zeros: 0, length: 1 << 60)) == .headerTooLong(bytes: 1 << 60, limit: 100_000_000))
        #expect(flaw(of: try file("{}", zeros: 0, length: .max)) == .headerTooLong(bytes: .max, limit: 100_000_000))
        #expect(flaw(of: try file("{}", zeros: 0, length: 3)) == .headerCut(bytes: 3, present: 2))
        let short = folder.appending(path: "short.safetensors")
        try AtomicFile.write("seven b", to: short)
        #expect(flaw(of: short) == .shorterThanLength(bytes: 7))
    }

    @Test(arguments: [
        (
            Data("PK\u{3}\u{4}".utf8) + [0, 0, 8, 8, 0, 0] + Data("archive/data.pkl".utf8),
            "a PyTorch checkpoint (.pth, .pt, .bin). Convert it to safetensors in Python: safetensors.torch.save_file("
        ),
        (Data([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]), "a Python pickle, such as PyTorch's older"),
        (
            Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8),
            "a Git LFS pointer whose contents were not fetched. Run 'git lfs pull'"
        ),
        (Data("\n<!DOCTYPE html><html>".utf8), "a web page or XML. Download the file itself"),
        (Data([0x89] + Array("HDF\r\n\u{1A}\n".utf8) + [0]), "an HDF5 file. Give the weights as a safetensors file."),
    ])
    func `The error for another kind of file names the kind and the remedy`(data: Data, words: String) throws {
        let url = folder.appending(path: "other.safetensors")
        try AtomicFile.write(data, to: url)
        let error = try #require(throws: SafetensorsError.self) { try Safetensors.read(url) }
        #expect(error.description.hasPrefix("\(url.path) is not a safetensors file but \(words)"), "\(error)")
    }

    @Test func `A file cut anywhere is refused`() throws {
        let url = folder.appending(path: "whole.safetensors")
        try Safetensors.write(
            [("a", try Tensor([1, 2] as [Float], shape: [2])), ("b", try Tensor([3], shape: [1]))], to: url)
        let whole = try Data(contentsOf: url)
        for count in 0..<whole.count {
            let cut = folder.appending(path: "cut-\(count).safetensors")
            try whole.prefix(count).write(to: cut)
            #expect(flaw(of: cut) != nil, "\(count) of \(whole.count) bytes")
        }
    }
}
