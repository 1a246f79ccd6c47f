/// When a photograph was taken, as exactly as the metadata say.
struct CaptureTime: Equatable {
    /// `YYYY-MM-DD`, or `YYYY-MM` or `YYYY`.
    let date: String
    /// `YYYY-MM-DD HH:MM:SS`, in the time of the place, whatever zone is written behind it; nil for a day alone.
    let timestamp: String?

    /// Whether the day is known, and not the month or year alone.
    var isDay: Bool { date.utf8.count == "YYYY-MM-DD".utf8.count }

    /// Parses `YYYY[-MM[-DD[ HH:MM[:SS]]]]`, also with `T` before the time, `:` or `/` within the day as EXIF and
    /// spreadsheets have it, and fractions of seconds or a zone behind; nil for what is none, such as 30 February.
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

    /// A time from its parts; nil for what no calendar has.
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
        // A leap second is written as the 60th.
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
