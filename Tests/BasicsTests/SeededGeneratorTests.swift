import Basics
import Testing

@Suite struct SeededGeneratorTests {
    @Test func `The same seed and labels give the same stream, and other labels another`() {
        var first = SeededGenerator(seed: 7, "split")
        var second = SeededGenerator(seed: 7, "split")
        var other = SeededGenerator(seed: 7, "train")
        let drawn = (0..<8).map { _ in first.next() }
        #expect(drawn == (0..<8).map { _ in second.next() })
        #expect(drawn != (0..<8).map { _ in other.next() })
    }

    @Test func `FNV-1a gives the published values`() {
        #expect("".fnv1a64 == 0xCBF2_9CE4_8422_2325)
        #expect("a".fnv1a64 == 0xAF63_DC4C_8601_EC8C)
    }
}
