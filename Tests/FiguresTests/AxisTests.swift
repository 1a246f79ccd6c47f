import Testing

@testable import Figures

struct AxisTests {
    @Test(arguments: [
        [0.21, 0.83], [0.5, 0.5], [0, 0], [-3, 12], [1e-5, 3e-5], [0.9999, 1], [12_345, 99_999_999], [-0.4, -0.1],
    ])
    func `Round ticks at equal steps enclose all values`(values: [Double]) {
        let axis = Axis(covering: values, count: 6)
        #expect(axis.range.lowerBound <= values[0] && values[1] <= axis.range.upperBound)
        #expect(axis.ticks.count >= 2 && axis.ticks.count <= 9, "\(axis.ticks)")
        let margin = 1e-9 * (axis.range.upperBound - axis.range.lowerBound)
        #expect(abs(axis.ticks[0] - axis.range.lowerBound) <= margin)
        #expect(abs(axis.ticks[axis.ticks.count - 1] - axis.range.upperBound) <= margin)
        #expect(Set(axis.ticks.map(axis.numeral(of:))).count == axis.ticks.count)
    }

    @Test func `A given range keeps its ends`() {
        let axis = Axis(range: 0...1, count: 6)
        #expect(axis.range == 0...1)
        #expect(axis.ticks.map(axis.numeral(of:)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    }

    @Test func `Large numbers are grouped in threes, years are not`() {
        let large = Axis(counting: 24_000, count: 5)
        #expect(large.ticks.map(large.numeral(of:)) == ["0", "5,000", "10,000", "15,000", "20,000", "25,000"])
        let years = Axis(along: [2019, 2020, 2021], count: 5)
        #expect(years.ticks.map(years.numeral(of:)) == ["2019", "2020", "2021"])
        let negative = Axis(range: -20_000...0, count: 2)
        #expect(negative.ticks.map(negative.numeral(of:)) == ["−20,000", "−10,000", "0"])
    }

    @Test func `A scale that nearly reaches zero begins there, one far from it does not`() {
        #expect(Axis(covering: [0.6, 13], count: 6).range.lowerBound == 0)
        #expect(Axis(covering: [0.8, 0.9], count: 6).range.lowerBound > 0.7)
    }

    @Test func `Whole numbers have whole ticks, and the first is labelled`() {
        #expect(Axis(along: [1, 2, 3], count: 8).ticks == [1, 2, 3])
        #expect(Axis(along: (1...20).map(Double.init), count: 6).ticks == [1, 5, 10, 15, 20])
        #expect(Axis(along: (1...100).map(Double.init), count: 8).ticks == [1, 20, 40, 60, 80, 100])
    }

    @Test func `A single value has one tick in the middle`() {
        let axis = Axis(along: [7], count: 6)
        #expect(axis.ticks == [7])
        #expect(axis.share(of: 7) == 0.5)
    }

    @Test func `Without values nothing is labelled`() {
        #expect(Axis(covering: [], count: 6).ticks.isEmpty)
        #expect(Axis(along: [], count: 6).ticks.isEmpty)
    }

    @Test func `Numerals have a minus sign and no negative zero`() {
        let axis = Axis(covering: [-0.3, 0.3], count: 6)
        #expect(
            axis.ticks.map(axis.numeral(of:)) == [
                "\u{2212}0.3", "\u{2212}0.2", "\u{2212}0.1", "0.0", "0.1", "0.2", "0.3",
            ])
    }

    @Test func `An impossible number does not change the scale`() {
        for number in [1.7e308, -1.7e308, .infinity, .nan] {
            #expect(Axis(covering: [0, 4, number], count: 4) == Axis(covering: [0, 4], count: 4))
        }
    }
}
