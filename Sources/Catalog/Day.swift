import Basics
import Options

/// A day of the Gregorian calendar.
public struct Day: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public let text: String

    /// The day that a text `YYYY-MM-DD` names, or nil for any other text and for a day that the calendar lacks.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(0) { sum, byte in
                guard let sum, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                return 10 * sum + Int(byte - UInt8(ascii: "0"))
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), (1...12).contains(month)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return nil }
        self.text = text
    }

    public var description: String { text }

    /// Whether the first day is earlier.
    public static func < (one: Day, other: Day) -> Bool { one.text < other.text }
}

extension Day: OptionValue {
    public static let optionKind = OptionKind.form(
        TextForm("a day, YYYY-MM-DD") { text in
            Day(text) == nil ? ("\(quoted: text) is no day of the calendar", "Write it as YYYY-MM-DD.") : nil
        })
    public var optionJSON: JSONValue { .string(text) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.string.flatMap { Day($0) }, in: json, at: path)
    }
}
