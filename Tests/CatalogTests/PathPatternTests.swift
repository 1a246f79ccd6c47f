import Foundation
import Testing

@testable import Catalog

/// The meaning of folder and file names.
struct PathPatternTests {
    private func reading(_ path: String, _ patterns: [PathPattern] = PathPattern.standard) throws -> PathMatcher.Reading
    {
        try PathMatcher(patterns).reading(of: PicturePath(path).below)
    }

    @Test(arguments: [
        ("123/159_leftphoto.jpg", Viewpoint.left), ("A/574_left.jpg", .left), ("A/574-RIGHT.jpg", .right),
        ("A/left/x.jpg", .left), ("A/Right side/x.jpg", .right), ("A/x dorsal.jpg", .top), ("A/2020/top/x.jpg", .top),
        ("A/IMG_1_L.jpg", .left), ("A/IMG_1-r.jpg", .right),
    ])
    func `Sides are read from words in names`(path: String, view: Viewpoint) throws {
        #expect(try reading(path).viewpoint == view)
    }

    @Test(arguments: [
        "A/bright.jpg", "A/upright.jpg", "A/cleft.jpg", "Lefty/1.jpg", "Right Ear/1.jpg", "A/topaz.jpg", "A/stop_1.jpg",
        "A/LR.jpg", "A/1.jpg",
    ])
    func `Words that only contain a side's letters, and names of animals, are not sides`(path: String) throws {
        #expect(try reading(path).viewpoint == nil)
    }

    @Test(arguments: ["A/right_whale_012.jpg", "A/NARW-right whale.jpg", "A/x_rightwhale.jpg", "A/leftovers/1.jpg"])
    func `A right whale is not a right side, and a leftover is not a left side`(path: String) throws {
        #expect(try reading(path).viewpoint == .unknown)
    }

    @Test(arguments: [
        ("A/2020-01-05/x.jpg", "2020-01-05"), ("A/20200105_1.jpg", "2020-01-05"),
        ("A/IMG_20200105_101112.jpg", "2020-01-05"), ("A/2020_01_05 x.jpg", "2020-01-05"),
        ("A/2019-07/x.jpg", "2019-07"),
    ])
    func `Days are read from folders and files`(path: String, date: String) throws {
        #expect(try reading(path).date?.date == date)
    }

    @Test(
        arguments: [
            ("A/IMG_20200105_101112.jpg", "2020-01-05 10:11:12"), ("A/2020-01-05 10.11.12.jpg", "2020-01-05 10:11:12"),
            ("A/2020-01-05T10-11-12.jpg", "2020-01-05 10:11:12"), ("A/20200105_1011.jpg", nil),
            ("A/20200105_1011123.jpg", nil), ("A/20200105_259999.jpg", nil), ("A/20200105.jpg", nil),
        ] as [(String, String?)])
    func `A valid time after the day is read`(path: String, timestamp: String?) throws {
        let time = try #require(try reading(path).date)
        #expect(time.date == "2020-01-05" && time.timestamp == timestamp)
    }

    @Test func `An encounter may follow a day, whether or not it looks like a time`() throws {
        let own = [try PathPattern(path: "*/{date}_{encounter}.*")]
        #expect(try reading("A/20200105_101112.jpg", own).encounter == "101112")
    }

    @Test(arguments: ["A/2020-13-05.jpg", "A/20200230.jpg", "A/120200105.jpg", "A/IMG_0001.jpg", "A/202001051.jpg"])
    func `An invalid date is not a day`(path: String) throws {
        #expect(try reading(path).date == nil)
    }

    @Test func `A repeated number before the side is the encounter, but a camera's counter is not`() throws {
        let sightings = ["A/159_left.jpg", "A/159_right.jpg", "B/7_left.jpg", "B/7_right.jpg", "B/9_left.jpg"]
        let matcher = try PathMatcher(PatternChoice.automatic.patterns(for: sightings.map { PicturePath($0) }))
        #expect(matcher.reading(of: "/159_left.jpg").encounter == "159")
        let counters = ["A/1_left.jpg", "A/2_right.jpg", "B/3_left.jpg", "B/4_right.jpg"]
        #expect(PatternChoice.automatic.patterns(for: counters.map { PicturePath($0) }) == PathPattern.standard)
    }

    @Test func `Configured patterns replace the defaults, and the first match counts`() throws {
        let own = [try PathPattern(path: "*_li*", viewpoint: .left), try PathPattern(path: "*/{encounter}_*")]
        let found = try reading("A/12_links_left.jpg", own)
        #expect(found.viewpoint == .left && found.encounter == "12" && found.sources == [0, 1])
        #expect(try reading("A/12_right.jpg", own).viewpoint == nil)
    }

    @Test(arguments: [
        ("*_left*", "captures nothing"), ("*[ab*", "unclosed or empty '['"), ("*{date*", "unclosed or empty '{'"),
        ("*{dat}*", "Did you mean {date}?"), ("{date}{date}", "twice"),
        ("*a*b*c*d*e*f*g*h*i{date}", "more than 8 stars"),
    ])
    func `The error for an invalid pattern gives the reason`(path: String, words: String) {
        #expect { try PathPattern(path: path) } throws: { "\($0)".contains(words) }
    }

    @Test func `Other characters match themselves`() throws {
        let pattern = [try PathPattern(path: "*(a+b).$*", viewpoint: .top)]
        #expect(try reading("A/x(a+b).$1.jpg", pattern).viewpoint == .top)
        #expect(try reading("A/xaab.jpg", pattern).viewpoint == nil)
    }

    @Test func `Matches are reported with their count and in their simplest form`() throws {
        let pictures = ["A/1_left.jpg", "A/2_left.jpg", "A/3_right.jpg", "B/right/4.jpg"]
        let matches = try PatternMatch.found(in: pictures, by: .automatic)
        #expect(matches.map(\.pattern.path) == ["*_left*", "*[/ _.-]right*"])
        #expect(matches.map(\.count) == [2, 2])
        #expect(matches[0].examples == ["A/1_left.jpg", "A/2_left.jpg"])
    }
}
