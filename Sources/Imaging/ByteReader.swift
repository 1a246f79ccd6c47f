/// Numbers of either byte order at offsets that may lie anywhere.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    let isLittleEndian: Bool

    init(bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) {
        self.bytes = bytes
        self.isLittleEndian = isLittleEndian
    }

    /// A TIFF structure, which says its byte order in its first two bytes; nil where it does not.
    init?(bytes: UnsafeRawBufferPointer) {
        switch (bytes.first, bytes.dropFirst().first) {
        case (0x49, 0x49): self.init(bytes: bytes, isLittleEndian: true)
        case (0x4D, 0x4D): self.init(bytes: bytes, isLittleEndian: false)
        default: return nil
        }
    }

    func byte(at offset: Int) -> Int? { bytes.indices.contains(offset) ? Int(bytes[offset]) : nil }

    func short(at offset: Int) -> Int? {
        guard let first = byte(at: offset), let second = byte(at: offset + 1) else { return nil }
        return isLittleEndian ? second << 8 | first : first << 8 | second
    }

    func long(at offset: Int) -> Int? {
        guard let first = short(at: offset), let second = short(at: offset + 2) else { return nil }
        return isLittleEndian ? second << 16 | first : first << 16 | second
    }
}
