import Foundation

/// The text of JSON files that other programs wrote.
public enum JSONText {
    private static let words = ["NaN", "-NaN", "Infinity", "-Infinity"].map { Array($0.utf8) }

    /// The text with null in place of `NaN` and `Infinity`, which Python and pandas write outside strings, on the same
    /// lines; nil if there is none.
    ///
    /// - Complexity: O(bytes).
    public static func withoutNaN(_ data: Data) -> Data? {
        let bytes = Array(data)
        var result: [UInt8] = []
        var isFound = false
        var position = 0
        var isQuoted = false
        while position < bytes.count {
            let byte = bytes[position]
            if !isQuoted, let word = words.first(where: { bytes[position...].starts(with: $0) }) {
                result += Array("null".utf8)
                isFound = true
                position += word.count
                continue
            }
            result.append(byte)
            position += 1
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if isQuoted, byte == UInt8(ascii: "\\"), position < bytes.count {
                result.append(bytes[position])
                position += 1
            }
        }
        return isFound ? Data(result) : nil
    }

    /// The line, from 1, at which a text stops being JSON; nil if it is JSON.
    ///
    /// - Complexity: O(bytes).
    public static func lineOfError(in data: Data) -> Int? {
        do {
            _ = try data.withUnsafeBytes { try JSONReader.value(of: $0, refusesRepeatedNames: false) }
            return nil
        } catch {
            let offset = (error as? JSONSyntaxError)?.offset ?? 0
            return 1 + data.prefix(offset).count { $0 == UInt8(ascii: "\n") }
        }
    }
}
