import Foundation

/// Makes checkpoints byte by byte, so that tests can make them wrong.
public enum Forge {
    /// An entry of an archive, by default as PyTorch writes it.
    public struct Entry: Sendable {
        public var name: String
        public var contents: Data
        public var method: UInt16 = 0
        public var flags: UInt16 = 0
        /// The name in its own header; nil for the same.
        public var ownName: String?
        /// The size that the directory gives; nil for the true one.
        public var size: UInt32?
        /// The place that the directory gives; nil for the true one.
        public var start: UInt32?

        /// Creates an entry.
        public init(name: String, contents: Data, start: UInt32? = nil) {
            self.name = name
            self.contents = contents
            self.start = start
        }
    }

    /// The bytes of an archive.
    public static func archive(_ entries: [Entry]) -> Data {
        var file = Data()
        var directory = Data()
        for entry in entries {
            let start = UInt32(file.count)
            let name = Data((entry.ownName ?? entry.name).utf8), size = UInt32(entry.contents.count)
            file += bytes(UInt32(0x0403_4B50)) + bytes(UInt16(0), entry.flags, entry.method, 0, 0)
            file += bytes(UInt32(0), size, size) + bytes(UInt16(name.count), 0) + name + entry.contents
            let known = Data(entry.name.utf8)
            directory += bytes(UInt32(0x0201_4B50)) + bytes(UInt16(0), 0, entry.flags, entry.method, 0, 0)
            directory += bytes(UInt32(0), entry.size ?? size, entry.size ?? size)
            directory += bytes(UInt16(known.count), 0, 0, 0, 0) + bytes(UInt32(0), entry.start ?? start) + known
        }
        let start = UInt32(file.count)
        file +=
            directory + bytes(UInt32(0x0605_4B50)) + bytes(UInt16(0), 0, UInt16(entries.count), UInt16(entries.count))
        return file + bytes(UInt32(directory.count), start) + bytes(UInt16(0))
    }

    /// An archive with a pickle and the numbers of one storage, `0`.
    public static func checkpoint(_ program: Data, numbers: Data = Data(count: 8)) -> Data {
        archive([.init(name: "a/data.pkl", contents: program), .init(name: "a/data/0", contents: numbers)])
    }

    public static func bytes<Number: FixedWidthInteger>(_ numbers: Number...) -> Data {
        numbers.reduce(into: Data()) { data, number in
            withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
        }
    }

    // Parts of pickles.

    public static let proto = Data([0x80, 2])
    public static let stop = Data([0x2E])

    public static func global(_ module: String, _ name: String) -> Data { Data("c\(module)\n\(name)\n".utf8) }

    public static func text(_ text: String) -> Data {
        Data("X".utf8) + bytes(UInt32(text.utf8.count)) + Data(text.utf8)
    }

    /// A whole number of up to 8 bytes.
    public static func long(_ number: Int64) -> Data { Data([0x8A, 8]) + bytes(number) }

    public static func tuple(_ parts: [Data]) -> Data { Data("(".utf8) + parts.reduce(Data(), +) + Data("t".utf8) }

    public static func call(_ function: Data, _ arguments: [Data]) -> Data {
        function + tuple(arguments) + Data("R".utf8)
    }

    /// A dictionary.
    public static func dictionary(_ entries: [(String, Data)]) -> Data {
        Data("}(".utf8) + entries.reduce(into: Data()) { $0 += text($1.0) + $1.1 } + Data("u".utf8)
    }

    public static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int64 = 2) -> Data {
        tuple([text("storage"), global("torch", type), text(key), text("cpu"), long(count)]) + Data("Q".utf8)
    }

    public static func tensor(
        _ storage: Data = storage(), offset: Int64 = 0, shape: [Int64] = [2], strides: [Int64] = [1]
    ) -> Data {
        call(
            global("torch._utils", "_rebuild_tensor_v2"),
            [
                storage, long(offset), tuple(shape.map(long)), tuple(strides.map(long)), Data([0x89]),
                global("collections", "OrderedDict") + Data(")R".utf8),
            ])
    }

    /// A program that makes one tensor, `w`.
    public static func program(_ value: Data) -> Data { proto + dictionary([("w", value)]) + stop }
}
