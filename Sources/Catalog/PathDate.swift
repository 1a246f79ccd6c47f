/// A date within a path: a day as `2020-01-05`, `2020_01_05`, `2020.01.05`, `2020:01:05` or `20200105`, or a month as
/// `2020-01` where a folder's or file's name begins with it. Elsewhere four digits and two are a camera's counter. A time
/// may follow the day, as `_101112`, ` 10.11.12` or `T10-11-12`.
struct PathDate {
    let time: CaptureTime
    /// Where the day's text ends, whether or not a time follows.
    let end: Int

    /// Earlier and later years are numbers of something else.
    private static let years = 1900...2099
    private static let separators = Array("-_.:".unicodeScalars)

    /// The date that begins at a position; nil where none does, or none that the calendar has.
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

    /// The hour, minute and second that stand behind a day; nil where six digits do not.
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
