import Foundation
import TestSupport
import Testing

@testable import Checkpoints

final class CheckpointTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "checkpoints-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func fixture(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    }

    private func read(_ data: Data) throws -> Checkpoint {
        let url = folder.appending(path: "\(UUID().uuidString).bin")
        try data.write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try Checkpoint.read(url)
    }

    private func flaw(of data: Data) throws -> CheckpointFlaw? {
        do {
            _ = try read(data)
            return nil
        } catch let error as CheckpointError {
            return error.flaw
        }
    }

    private func flaw(ofPickle program: Data) throws -> CheckpointFlaw? { try flaw(of: Forge.checkpoint(program)) }

    private func floats(_ name: String, of checkpoint: Checkpoint) throws -> [Float] {
        try #require(
            checkpoint.withBytes(of: name) { bytes in
                stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
            })
    }

    @Test func `Tensors of every type and views of a shared storage are read`() throws {
        let checkpoint = try Checkpoint.read(Self.fixture("types.pt"))
        let types = checkpoint.entries.mapValues(\.type)
        #expect(
            types["float32"] == .float32 && types["float64"] == .float64 && types["float16"] == .float16
                && types["bfloat16"] == .bfloat16 && types["int64"] == .int64)
        #expect(checkpoint.entries["float32"]?.shape == [2, 3])
        #expect(checkpoint.entries["number"]?.shape == [])
        #expect(checkpoint.entries["empty"]?.shape == [0, 3])
        #expect(try floats("float32", of: checkpoint) == [0, 1, 2, 3, 4, 5])
        #expect(try floats("number", of: checkpoint) == [7])
        #expect(try floats("empty", of: checkpoint) == [])
        #expect(try floats("trained", of: checkpoint) == [0, 1])
        #expect(checkpoint.entries["turned"]?.shape == [4, 3])
        #expect(try floats("turned", of: checkpoint) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
        #expect(try floats("part", of: checkpoint) == [6, 7, 10, 11])
        #expect(try floats("step", of: checkpoint) == [0, 1, 2, 3, 8, 9, 10, 11])
        let float16 = checkpoint.withBytes(of: "float16") { $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self) }
        #expect(float16 == Float16(1).bitPattern)
        #expect(checkpoint.withBytes(of: "other") { _ in 0 } == nil)
    }

    @Test(arguments: ["module.pt", "training.pt"])
    func `The state of a network is read, also within the dictionary of a training`(name: String) throws {
        let checkpoint = try Checkpoint.read(Self.fixture(name))
        #expect(
            checkpoint.entries.mapValues(\.shape) == [
                "0.weight": [3, 2], "0.bias": [3], "1.weight": [3], "1.bias": [3], "1.running_mean": [3],
                "1.running_var": [3], "1.num_batches_tracked": [],
            ])
        #expect(try floats("0.weight", of: checkpoint) == [0, 1, 2, 3, 4, 5])
    }

    @Test func `A forged checkpoint with one tensor is read, so the flaws of the others are their own`() throws {
        let numbers = Forge.bytes(Float(1.5).bitPattern, Float(-2).bitPattern)
        let checkpoint = try read(Forge.checkpoint(Forge.program(Forge.tensor()), numbers: numbers))
        #expect(try floats("w", of: checkpoint) == [1.5, -2])
    }

    // MARK: Pickles

    @Test(arguments: [
        ("posix", "system"), ("builtins", "eval"), ("os", "system"), ("torch", "load"), ("torch", "Storage"),
    ])
    func `A pickle that would call a function is refused by its name, and nothing happens`(
        module: String, name: String
    ) throws {
        let proof = folder.appending(path: "executed")
        let call = Forge.call(Forge.global(module, name), [Forge.text("touch \(proof.path)")])
        let program = Forge.program(call)
        #expect(try flaw(ofPickle: program) == .foreign("\(module).\(name)"))
        #expect(!FileManager.default.fileExists(atPath: proof.path))
        let error = #expect(throws: CheckpointError.self) { try self.read(Forge.checkpoint(program)) }
        let words = try #require(error).description
        #expect(
            words.contains("its pickle uses '\(module).\(name)', which is not part of a tensor; nothing was executed"))
        #expect(words.contains("ask for the weights as safetensors"))
    }

    @Test(arguments: [
        // NEWOBJ, INST, OBJ, STACK_GLOBAL, REDUCE of protocol 0's GET, EXT1, BUILD's neighbour DUP.
        UInt8(0x81), UInt8(ascii: "i"), UInt8(ascii: "o"), 0x93, UInt8(ascii: "g"), 0x82, UInt8(ascii: "2"), 0x00, 0xFF,
    ])
    func `An instruction that tensors do not need is refused`(code: UInt8) throws {
        #expect(try flaw(ofPickle: Forge.proto + [code] + Forge.stop) == .instruction(code: code, at: 2))
    }

    @Test func `Programs that are damaged are refused`() throws {
        func flaw(_ program: Data) throws -> CheckpointFlaw? { try self.flaw(ofPickle: Forge.proto + program) }
        #expect(try self.flaw(ofPickle: Data([0x80, 4]) + Forge.stop) == .version(4))
        #expect(try self.flaw(ofPickle: Data()) == .pickleCut)
        #expect(try flaw(Forge.stop) == .stackEmpty)
        #expect(try flaw(Data("(".utf8) + Forge.stop) == .stackEmpty)
        #expect(try flaw(Data("t".utf8) + Forge.stop) == .stackEmpty)
        #expect(try flaw(Data([0x85]) + Forge.stop) == .stackEmpty)
        #expect(try flaw(Data("NNa".utf8) + Forge.stop) == .wrongOperand("a list"))
        #expect(try flaw(Data("]NNs".utf8) + Forge.stop) == .wrongOperand("a dictionary"))
        #expect(try flaw(Data("}(Nu".utf8) + Forge.stop) == .wrongOperand("a dictionary"))
        #expect(try flaw(Data("NNR".utf8) + Forge.stop) == .wrongOperand("a function and its arguments"))
        #expect(try flaw(Data("NNb".utf8) + Forge.stop) == .wrongOperand("a dictionary"))
        #expect(try flaw(Data("h\u{7}".utf8) + Forge.stop) == .memoMissing(7))
        #expect(try flaw(Data("NQ".utf8) + Forge.stop) == .badStorage)
        #expect(try flaw(Data("N".utf8) + Forge.stop) == .noDictionary)
        #expect(try flaw(Data("}".utf8) + Forge.stop) == .noTensors)
        #expect(try flaw(Data("}NNs".utf8) + Forge.stop) == .badKey)
        #expect(try flaw(Data([0x8A, 9]) + Data(count: 9) + Forge.stop) == .numberTooLarge)
        #expect(try flaw(Data("X".utf8) + Forge.bytes(UInt32.max) + Forge.stop) == .pickleCut)
        #expect(try flaw(Data("X".utf8) + Forge.bytes(UInt32(1)) + [0xFF] + Forge.stop) == .textNotUTF8)
        #expect(try flaw(Data("cno line".utf8)) == .pickleCut)
        let rebuild = Forge.global("torch._utils", "_rebuild_tensor_v2")
        #expect(try flaw(Forge.call(rebuild, []) + Forge.stop) == .badCall("torch._utils._rebuild_tensor_v2"))
        let parameter = Forge.global("torch._utils", "_rebuild_parameter")
        #expect(try flaw(Forge.call(parameter, []) + Forge.stop) == .badCall("torch._utils._rebuild_parameter"))
        let ordered = Forge.global("collections", "OrderedDict")
        let filled = Forge.call(ordered, [Forge.text("x")])
        #expect(try flaw(filled + Forge.stop) == .badCall("collections.OrderedDict"))
    }

    @Test func `Millions of nested tuples and a dictionary within itself need no recursion`() throws {
        let nest = Data(repeating: 0x85, count: 4_000_000)
        #expect(try flaw(ofPickle: Forge.proto + Data("N".utf8) + nest + Forge.stop) == .noDictionary)
        let own = Data("}q\u{0}".utf8) + Forge.text("state_dict") + Data("h\u{0}s".utf8)
        #expect(try flaw(ofPickle: Forge.proto + own + Forge.stop) == .noTensors)
    }

    @Test func `A pickle of more than 8 MiB is refused before it runs`() throws {
        let program = Data(repeating: UInt8(ascii: "N"), count: Checkpoint.longestPickle + 1)
        #expect(
            try flaw(ofPickle: program) == .pickleTooLong(bytes: program.count, limit: Checkpoint.longestPickle))
    }

    // MARK: Tensors

    @Test(arguments: [
        Forge.tensor(shape: [3]), Forge.tensor(offset: 1), Forge.tensor(offset: -1), Forge.tensor(shape: [-2]),
        Forge.tensor(shape: [2], strides: [-1]), Forge.tensor(shape: [2, 2], strides: [1]),
        Forge.tensor(shape: [1 << 60]), Forge.tensor(shape: [1 << 60], strides: [0]),
        Forge.tensor(shape: [1 << 40, 1 << 40], strides: [1 << 40, 1]), Forge.tensor(shape: [2], strides: [1 << 62]),
        Forge.tensor(offset: .max), Forge.tensor(offset: .max, shape: [0], strides: [1]),
        // One number, repeated: more elements than the storage has numbers.
        Forge.tensor(shape: [1000, 1000], strides: [0, 0]),
    ])
    func `A tensor that exceeds its numbers is refused`(tensor: Data) throws {
        guard case .beyondStorage("w", _)? = try flaw(ofPickle: Forge.program(tensor)) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func `Storages that are missing, of another size or of an unread type are refused`() throws {
        func flaw(_ storage: Data) throws -> CheckpointFlaw? {
            try self.flaw(ofPickle: Forge.program(Forge.tensor(storage)))
        }
        #expect(try flaw(Forge.storage(key: "1")) == .storageMissing(name: "w", key: "1"))
        #expect(try flaw(Forge.storage(key: "../0")) == .storageMissing(name: "w", key: "../0"))
        #expect(try flaw(Forge.storage(count: 3)) == .storageSize(name: "w", key: "0", numbers: 3, bytes: 8))
        #expect(
            try flaw(Forge.storage(count: 1 << 62))
                == .storageSize(name: "w", key: "0", numbers: 1 << 62, bytes: 8))
        #expect(try flaw(Forge.storage(count: -1)) == .badStorage)
        #expect(try flaw(Forge.storage("IntStorage")) == .unreadType(name: "w", type: "IntStorage"))
        let twice = Forge.dictionary([("w", Forge.tensor()), ("w", Forge.tensor())])
        #expect(try self.flaw(ofPickle: Forge.proto + twice + Forge.stop) == .duplicateTensor("w"))
    }

    // MARK: Archives

    private static let pickle = Forge.Entry(name: "a/data.pkl", contents: Forge.program(Forge.tensor()))
    private static let numbers = Forge.Entry(name: "a/data/0", contents: Data(count: 8))

    @Test func `Archives that lie about their entries are refused`() throws {
        func flaw(_ entries: Forge.Entry...) throws -> CheckpointFlaw? { try self.flaw(of: Forge.archive(entries)) }
        func changed(_ change: (inout Forge.Entry) -> Void) -> Forge.Entry {
            var entry = Self.numbers
            change(&entry)
            return entry
        }
        #expect(try flaw(Self.pickle, changed { $0.method = 8 }) == .compressed("a/data/0"))
        #expect(try flaw(Self.pickle, changed { $0.flags = 1 }) == .encrypted("a/data/0"))
        #expect(
            try flaw(Self.pickle, changed { $0.ownName = "a/data/1" })
                == .badEntry("a/data/0", "its header has another name"))
        #expect(try flaw(Self.pickle, changed { $0.start = 3 }) == .badEntry("a/data/0", "it has no header"))
        #expect(
            try flaw(Self.pickle, changed { $0.size = 1 << 30 })
                == .badEntry("a/data/0", "it extends beyond the contents"))
        #expect(
            try flaw(Self.pickle, changed { $0.size = 0xFFFF_FFFF })
                == .badEntry("a/data/0", "its 64-bit size is missing"))
        #expect(
            try flaw(Self.pickle, Self.numbers, changed { $0.start = 0 })
                == .badEntry("a/data/0", "its header has another name"))
        var first = Self.numbers
        first.size = 20
        #expect(try flaw(first, Self.pickle) == .overlap(first: "a/data/0", second: "a/data.pkl"))
        #expect(try flaw(Self.pickle, Self.numbers, Self.numbers) == .duplicateEntry("a/data/0"))
        #expect(try flaw(Self.numbers) == .noPickle)
        let other = Forge.Entry(name: "b/data.pkl", contents: Data())
        #expect(try flaw(Self.pickle, other) == .severalPickles(["a/data.pkl", "b/data.pkl"]))
        #expect(try flaw(Self.pickle, .init(name: "a/constants.pkl", contents: Data())) == .script)
        #expect(try flaw(Self.pickle, .init(name: "a/byteorder", contents: Data("big".utf8))) == .byteOrder)
    }

    @Test func `Two entries at one place are refused`() throws {
        let second = Forge.Entry(name: "a/data/0", contents: Data(count: 8), start: 0)
        #expect(try flaw(of: Forge.archive([Self.numbers, second])) == .overlap(first: "a/data/0", second: "a/data/0"))
    }

    @Test(arguments: ["types.pt", "module.pt", "training.pt"])
    func `A file cut anywhere is refused, and no changed byte crashes the reader`(name: String) throws {
        let whole = try Data(contentsOf: Self.fixture(name))
        // Every byte of the first header and of the directory, which is at the end; every seventh of the rest.
        let places = whole.indices.filter { $0 < 100 || $0 >= whole.count - 600 || $0 % 7 == 0 }
        for count in places { #expect(try flaw(of: whole.prefix(count)) != nil, "\(count) bytes") }
        let changes: [UInt8] = [0x01, 0x80, 0xFF]
        for place in places {
            var changed = whole
            changed[place] ^= changes[place % 3]
            guard let checkpoint = try? read(changed) else { continue }
            for name in checkpoint.entries.keys { _ = checkpoint.withBytes(of: name) { $0.count } }
        }
    }

    @Test func `A directory of 64-bit numbers is read`() throws {
        let plain = Forge.archive([Self.pickle, Self.numbers])
        let end = plain.count - 22
        let size = plain[(end + 12)..<(end + 16)], start = plain[(end + 16)..<(end + 20)]
        var large = plain.prefix(end)
        large += Forge.bytes(UInt32(0x0606_4B50)) + Forge.bytes(UInt64(44)) + Forge.bytes(UInt16(0), 0)
        large += Forge.bytes(UInt32(0), 0) + Forge.bytes(UInt64(2), 2)
        large += size + Data(count: 4) + start + Data(count: 4)
        large += Forge.bytes(UInt32(0x0706_4B50), 0) + Forge.bytes(UInt64(end)) + Forge.bytes(UInt32(1))
        large += Forge.bytes(UInt32(0x0605_4B50)) + Forge.bytes(UInt16(0), 0, 0xFFFF, 0xFFFF)
        large += Forge.bytes(UInt32.max, .max) + Forge.bytes(UInt16(0))
        #expect(try read(large).entries.keys.sorted() == ["w"])
        // The count of entries is impossible.
        var lying = large
        lying.replaceSubrange((end + 32)..<(end + 40), with: Forge.bytes(UInt64(1) << 60))
        #expect(try flaw(of: lying) == .badDirectory("it has no room for \(1 << 60) entries"))
    }
}
