import Basics
import Options

/// The time a photograph was taken, as precisely as the metadata give it.
struct CaptureTime: Equatable {
    /// `YYYY-MM-DD`, or `YYYY-MM` or `YYYY`.
    let date: String
    /// `YYYY-MM-DD HH:MM:SS`, in local time, ignoring any zone that follows; nil if only the day is known.
    let timestamp: String?

    /// Whether the day is known, not only the month or year.
    var isDay: Bool { date.utf8.count == "YYYY-MM-DD".utf8.count }

    /// Parses `YYYY[-MM[-DD[ HH:MM[:SS]]]]`, also with `T` before the time, `:` or `/` within the day as in EXIF and
    /// spreadsheets, and fractions of seconds or a zone at the end; nil for an invalid date, such as 30 February.
    init?(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.number(digits: 4), year > 0 else { return nil }
        var numbers: [Int] = []
        while numbers.count < 2, scanner.take(anyOf: "-:/") {
            guard let number = scanner.number(digits: 2) else { return nil }
            numbers.append(number)
        }
        var clock: (Int, Int, Int)?
        if numbers.count == 2, scanner.take(anyOf: " Tt") {
            guard let hour = scanner.number(digits: 2), scanner.take(anyOf: ":"), let minute = scanner.number(digits: 2)
            else { return nil }
            var second = 0
            if scanner.take(anyOf: ":") {
                guard let number = scanner.number(digits: 2) else { return nil }
                second = number
            }
            clock = (hour, minute, second)
            scanner.skipFractionAndZone()
        }
        guard scanner.isAtEnd else { return nil }
        self.init(year: year, month: numbers.first, day: numbers.dropFirst().first, clock: clock)
    }

    /// A time from its parts; nil for an invalid date.
    init?(year: Int, month: Int?, day: Int?, clock: (hour: Int, minute: Int, second: Int)? = nil) {
        guard (1...9999).contains(year) else { return nil }
        var date = Self.padded(year, 4)
        if let month {
            guard (1...12).contains(month) else { return nil }
            date += "-" + Self.padded(month, 2)
            if let day {
                guard (1...Self.days(in: month, of: year)).contains(day) else { return nil }
                date += "-" + Self.padded(day, 2)
            }
        } else if day != nil {
            return nil
        }
        self.date = date
        guard let clock else {
            timestamp = nil
            return
        }
        // A leap second is second 60.
        guard day != nil, (0...23).contains(clock.hour), (0...59).contains(clock.minute),
            (0...60).contains(clock.second)
        else { return nil }
        timestamp =
            date + " " + [clock.hour, clock.minute, clock.second].map { Self.padded($0, 2) }.joined(separator: ":")
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func number(digits: Int) -> Int? {
            guard position + digits <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[position..<position + digits] {
                guard (48...57).contains(byte) else { return nil }
                value = 10 * value + Int(byte - 48)
            }
            position += digits
            return value
        }

        mutating func take(anyOf characters: StaticString) -> Bool {
            guard position < bytes.count,
                characters.withUTF8Buffer({ $0.contains(bytes[position]) })
            else { return false }
            position += 1
            return true
        }

        /// `.123`, then `Z` or `+01:00`.
        mutating func skipFractionAndZone() {
            if take(anyOf: ".,") { while number(digits: 1) != nil {} }
            if take(anyOf: "Zz") { return }
            guard take(anyOf: "+-"), number(digits: 2) != nil else { return }
            _ = take(anyOf: ":")
            _ = number(digits: 2)
        }
    }
}

/// A day of the Gregorian calendar.
public struct Day: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public let text: String

    /// The day that a text `YYYY-MM-DD` names; nil for any other text and for an invalid day.
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
            Day(text) == nil ? ("\(quoted: text) is not a valid day", "Write it as YYYY-MM-DD.") : nil
        })
    public var optionJSON: JSONValue { .string(text) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.string.flatMap { Day($0) }, in: json, at: path)
    }
}

/// A date within a path: a day as `2020-01-05`, `2020_01_05`, `2020.01.05`, `2020:01:05` or `20200105`, or a month as
/// `2020-01` at the start of a folder's or file's name, because elsewhere such digits are a camera's counter. A time
/// may follow the day, as `_101112`, ` 10.11.12` or `T10-11-12`.
struct PathDate {
    let time: CaptureTime
    /// The end of the day's text, whether or not a time follows.
    let end: Int

    /// Numbers outside this range are not years.
    private static let years = 1900...2099
    private static let separators = Array("-_.:".unicodeScalars)

    /// The date that begins at a position; nil if none does or it is invalid.
    init?(at position: Int, of path: [Unicode.Scalar]) {
        func digit(_ position: Int) -> Bool { position < path.count && (48...57).contains(path[position].value) }
        func number(_ position: Int, _ count: Int) -> Int? {
            (position..<position + count).reduce(0) { sum, place in
                guard let sum, digit(place) else { return nil }
                return 10 * sum + Int(path[place].value - 48)
            }
        }
        guard position == 0 || !digit(position - 1), let year = number(position, 4), Self.years.contains(year) else {
            return nil
        }
        let separator = position + 4 < path.count ? path[position + 4] : "/"
        let width = Self.separators.contains(separator) ? 1 : 0
        guard let month = number(position + 4 + width, 2) else { return nil }
        let behind = position + 6 + width
        let isSame = width == 0 || behind < path.count && path[behind] == separator
        if isSame, let day = number(behind + width, 2), !digit(behind + width + 2) {
            end = behind + width + 2
            let clock = Self.clock(at: end, number: number, separator: { path.indices.contains($0) ? path[$0] : "/" })
            guard
                let time = CaptureTime(year: year, month: month, day: day, clock: clock)
                    ?? CaptureTime(year: year, month: month, day: day)
            else { return nil }
            self.time = time
            return
        }
        let goesOn = digit(behind) || behind < path.count && Self.separators.contains(path[behind]) && digit(behind + 1)
        guard separator == "-", !goesOn, position == 0 || path[position - 1] == "/",
            let time = CaptureTime(year: year, month: month, day: nil)
        else { return nil }
        self.time = time
        end = behind
    }

    /// The hour, minute and second after a day; nil unless six digits follow.
    private static func clock(
        at end: Int, number: (Int, Int) -> Int?, separator: (Int) -> Unicode.Scalar
    ) -> (hour: Int, minute: Int, second: Int)? {
        guard "_- Tt".unicodeScalars.contains(separator(end)), let hour = number(end + 1, 2) else { return nil }
        let width = "-_.:".unicodeScalars.contains(separator(end + 3)) ? 1 : 0
        guard let minute = number(end + 3 + width, 2), width == 0 || separator(end + 5 + width) == separator(end + 3),
            let second = number(end + 5 + 2 * width, 2), number(end + 7 + 2 * width, 1) == nil
        else { return nil }
        return (hour, minute, second)
    }
}
