import Foundation
import FuzzSupport

/// PNG files, which the seeds lead the search to. Each is tried again with correct checksums, because otherwise no
/// change would get past them.
@main
enum FuzzPNG {
    static func main() {
        fuzz { input in
            FuzzPicture.decode(input)
            var bytes = [UInt8](input)
            repairChecksums(of: &bytes)
            FuzzPicture.decode(Data(bytes))
        }
    }
}

/// Corrects every chunk: length, name, body, CRC-32 of name and body (PNG, 5.3).
private func repairChecksums(of bytes: inout [UInt8]) {
    var offset = 8
    while offset + 12 <= bytes.count {
        let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        let end = offset + 8 + length
        guard end + 4 <= bytes.count else { return }
        let sum = crc32(bytes[offset + 4..<end])
        for place in 0..<4 { bytes[end + place] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * place)) }
        offset = end + 4
    }
}

private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
}
