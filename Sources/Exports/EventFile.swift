import Foundation
import Results

/// The epochs of one training as TensorBoard's scalars: an event file, in a folder that TensorBoard shows as a run.
///
/// A step is an epoch. Its time is that at which the training started, as recorded, and the seconds that the epochs took.
///
/// A file is a row of records: the length as UInt64, its checksum, the data, their checksum, little-endian. The data are
/// a message of `event.proto`. A checksum is a masked CRC-32C.
///
/// Source: TensorFlow's `record_writer.cc`, `event.proto` and `summary.proto`.
public struct EventFile {
    private let history: History
    private let start: Double

    /// Describes a training that started at `start`, ISO 8601.
    public init(_ history: History, startedAt start: String) {
        self.history = history
        self.start = (try? Date(start, strategy: .iso8601))?.timeIntervalSince1970 ?? 0
    }

    /// The file; TensorBoard requires `tfevents` in its name.
    public var file: ExportFile {
        let run = "\(history.member)-seed-\(history.seed)-fold-\(history.fold)"
        return ExportFile(ExportForm.tensorboard.rawValue, run, "events.out.tfevents.whalebook", contents: data)
    }

    /// The version, then an event for each epoch.
    var data: Data {
        var time = start
        var data = Self.record(Self.event(time: time) { $0.text(3, "brain.Event:2") })
        for epoch in history.epochs {
            time += epoch.seconds
            data += Self.record(
                Self.event(time: time) { event in
                    event.whole(2, UInt64(max(0, epoch.number)))
                    event.message(5) { summary in
                        for (tag, value) in Self.scalars(epoch) {
                            summary.message(1) { scalar in
                                scalar.text(1, tag)
                                scalar.single(2, Float(value))
                            }
                        }
                    }
                })
        }
        return data
    }

    /// TensorBoard groups tags by what precedes the slash.
    private static func scalars(_ epoch: History.Epoch) -> [(tag: String, value: Double)] {
        let validation = epoch.validationMAP.map { [("validation/mAP", $0)] } ?? []
        return [("train/loss", epoch.trainLoss), ("train/learning_rate", epoch.learningRate)] + validation + [
            ("speed/images_per_second", epoch.imagesPerSecond), ("speed/waiting_share", epoch.waitingShare),
        ]
    }

    private static func event(time: Double, _ body: (inout ProtocolMessage) -> Void) -> Data {
        var event = ProtocolMessage()
        event.double(1, time)
        body(&event)
        return event.data
    }

    static func record(_ data: Data) -> Data {
        let length = ProtocolMessage.bytes(UInt64(data.count))
        return length + ProtocolMessage.bytes(Checksum.masked(length)) + data
            + ProtocolMessage.bytes(Checksum.masked(data))
    }
}

/// A message of Protocol Buffers, as far as events need it.
///
/// Source: protobuf.dev, "Encoding".
private struct ProtocolMessage {
    private(set) var data = Data()

    /// The types of a field on the wire.
    private enum Wire: UInt64 { case varint = 0, eight = 1, delimited = 2, four = 5 }

    static func bytes<Number: FixedWidthInteger>(_ number: Number) -> Data {
        withUnsafeBytes(of: number.littleEndian) { Data($0) }
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            data.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        data.append(UInt8(rest))
    }

    private mutating func key(_ number: UInt64, _ wire: Wire) { varint(number << 3 | wire.rawValue) }

    mutating func whole(_ number: UInt64, _ value: UInt64) {
        key(number, .varint)
        varint(value)
    }

    mutating func double(_ number: UInt64, _ value: Double) {
        key(number, .eight)
        data += Self.bytes(value.bitPattern)
    }

    mutating func single(_ number: UInt64, _ value: Float) {
        key(number, .four)
        data += Self.bytes(value.bitPattern)
    }

    mutating func text(_ number: UInt64, _ value: String) { delimited(number, Data(value.utf8)) }

    mutating func message(_ number: UInt64, _ body: (inout ProtocolMessage) -> Void) {
        var inner = ProtocolMessage()
        body(&inner)
        delimited(number, inner.data)
    }

    private mutating func delimited(_ number: UInt64, _ value: Data) {
        key(number, .delimited)
        varint(UInt64(value.count))
        data += value
    }
}

/// CRC-32C, the cyclic redundancy check with Castagnoli's polynomial.
///
/// Source: RFC 3720, appendix B.4; TensorFlow's `crc32c.h` for the mask.
enum Checksum {
    /// The remainder of each byte.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
    }

    static func of(_ data: Data) -> UInt32 {
        ~data.reduce(~UInt32(0)) { rest, byte in table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] ^ rest >> 8 }
    }

    /// The check in the form that records store: a checksum of data that contain checksums is weak.
    static func masked(_ data: Data) -> UInt32 {
        let check = of(data)
        return (check >> 15 | check << 17) &+ 0xA282_EAD8
    }
}
