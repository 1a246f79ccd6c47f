import Testing

@testable import Catalog

@Suite struct CaptureTimeTests {
    @Test(
        arguments: [
            ("2017-08-07", "2017-08-07", nil), ("2017-08", "2017-08", nil), ("2017", "2017", nil),
            ("2017-08-07 20:38:36", "2017-08-07", "2017-08-07 20:38:36"),
            ("2017:08:07 20:38:36", "2017-08-07", "2017-08-07 20:38:36"),
            ("2017/08/07 20:38", "2017-08-07", "2017-08-07 20:38:00"),
            ("2017-08-07T20:38:36.125Z", "2017-08-07", "2017-08-07 20:38:36"),
            ("2017-08-07T20:38:36+02:00", "2017-08-07", "2017-08-07 20:38:36"),
            ("2020-02-29", "2020-02-29", nil), ("2000-02-29", "2000-02-29", nil),
        ] as [(String, String, String?)])
    func `A time is read as precisely as it is written`(text: String, date: String, timestamp: String?) throws {
        let time = try #require(CaptureTime(text))
        #expect(time.date == date && time.timestamp == timestamp)
    }

    @Test(arguments: [
        "", "yesterday", "07.08.2017", "2017-8-7", "2017-13-01", "2017-00-01", "2017-04-31", "1900-02-29", "0000-01-01",
        "2017-08-07 24:00:00", "2017-08-07 20:60", "2017-08-07 20", "2017-08-07 20:38:36 CET", "2017-08-07-01", "２０１７",
        "2017-08-07T20:38:61",
    ])
    func `An invalid date or time is not read`(text: String) { #expect(CaptureTime(text) == nil) }
}
