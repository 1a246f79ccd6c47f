import Testing

@testable import Training

/// Which process is slow.
struct RankPaceTests {
    @Test func `The slowest rank is named with its host, if it takes more than 1.5 times as long`() throws {
        #expect(RankPace.remark([0.2, 0.3], hosts: ["a", "b"]) == nil)
        let slow = try #require(RankPace.remark([0.3, 0.21, 0.441], hosts: ["a", "a", "b"]))
        #expect(slow.rank == 2)
        #expect(
            slow.text == "rank 2 on b takes 2.1 times as long per batch as rank 1 on a (0.441 s against 0.21 s), and "
                + "the others wait for it")
        let here = try #require(RankPace.remark([0.4, 0.2], hosts: ["a", "a"]))
        #expect(here.text.hasPrefix("rank 0 takes 2.0 times as long per batch as rank 1 (0.4 s"))
    }
}
