import Basics
import Foundation

/// The date of a Wildbook encounter, as precisely as it was entered.
///
/// Year, month and day as entered count before the milliseconds since 1970, which Wildbook computes from them: it takes
/// the first of January for a year alone, and the zone of its server. Milliseconds count if there is no year, and are
/// read in UTC; 0 is no date. A year, month or day below 1, an hour or minute below 0, and the words of ``NobodyNames``
/// mean that the part is unknown.
enum WildbookDate {
    /// The columns `Encounter.year` and so on, without the prefix.
    static let parts = ["year", "month", "day", "hour", "minutes"]

    /// Cells that hold no date.
    struct Flaw: Error {
        let problem: String
        let remedy: String
    }

    /// The time of an encounter by the cells of ``parts``, nil if empty, and else by that of
    /// `Encounter.dateInMilliseconds`; nil if it is unknown.
    static func time(parts cells: [String?], milliseconds: String?) throws(Flaw) -> CaptureTime? {
        let texts = cells.map { text in text.flatMap { NobodyNames.standard.contains($0) ? nil : $0 } }
        let numbers = texts.map { $0.flatMap(Int.init(wholeNumber:)) }
        func flaw() -> Flaw {
            let written = zip(parts, texts).compactMap { name, text in text.map { "\(name) \($0)" } }
            return Flaw(
                problem: "this date does not exist: \(written.listed())",
                remedy: "Write Encounter.year, .month, .day, .hour and .minutes as whole numbers, and leave out what "
                    + "is unknown.")
        }
        guard zip(texts, numbers).allSatisfy({ ($0 == nil) == ($1 == nil) }) else { throw flaw() }
        func known(_ part: Int, from first: Int) -> Int? { numbers[part].flatMap { $0 >= first ? $0 : nil } }
        guard let year = known(0, from: 1) else { return try time(milliseconds: milliseconds) }
        let month = known(1, from: 1)
        let day = month == nil ? nil : known(2, from: 1)
        // Midnight may be written as 24.
        let hour = day == nil ? nil : known(3, from: 0).map { $0 == 24 ? 0 : $0 }
        let clock = hour.map { ($0, known(4, from: 0) ?? 0, 0) }
        guard let time = CaptureTime(year: year, month: month, day: day, clock: clock) else { throw flaw() }
        return time
    }

    private static func time(milliseconds text: String?) throws(Flaw) -> CaptureTime? {
        guard let text, !NobodyNames.standard.contains(text) else { return nil }
        guard let number = Int(wholeNumber: text), let time = CaptureTime(millisecondsSince1970: number) else {
            throw Flaw(
                problem: "Encounter.dateInMilliseconds is \(quoted: text)",
                remedy: "Write milliseconds since 1970, or leave the cell empty.")
        }
        return number == 0 ? nil : time
    }
}

extension CaptureTime {
    /// The second in UTC; nil outside the years 1 to 9999.
    fileprivate init?(millisecondsSince1970 milliseconds: Int) {
        // `Date` is exact in the years 1 to 9999.
        guard (-62_135_596_800_000...253_402_300_799_999).contains(milliseconds) else { return nil }
        let date = Date(timeIntervalSince1970: (Double(milliseconds) / 1000).rounded(.down))
        self.init(date.formatted(.iso8601))
    }
}
