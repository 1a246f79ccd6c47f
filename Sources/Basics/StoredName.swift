/// Names that are read from a file and become part of a path.
///
/// A record, a ledger or a manifest is untrusted, so its names must not lead out of their folder.
public enum StoredName {
    /// Whether a text is a key: exactly 64 lower-case hexadecimal digits.
    public static func isKey(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Whether a text names a file in its own folder: no slash, not hidden and so neither `.` nor `..`, no control
    /// character.
    public static func isFile(_ text: String) -> Bool {
        let bytes = text.utf8
        return !bytes.isEmpty && bytes.count <= 255 && bytes.first != UInt8(ascii: ".")
            && bytes.allSatisfy { $0 != UInt8(ascii: "/") && $0 >= 0x20 && $0 != 0x7F }
    }

    /// Whether a text is a path below its folder, with every part accepted by ``isFile(_:)``.
    public static func isPath(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { isFile(String(Substring($0))) }
    }
}
