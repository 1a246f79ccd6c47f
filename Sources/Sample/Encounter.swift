import Basics

/// A sighting of one whale: its photographs share the day, the water and the light.
struct Encounter: Sendable {
    /// The whale's index in the pod.
    let whale: Int
    var id = ""
    let imageCount: Int
    var date: SampleDate
    /// Whether the photographs show flanks instead of the back from above.
    var isLateral = false
    /// Whether its photographs are in scenarios and therefore never train.
    var isReserved = false
}

/// A second of a summer in plain numbers, independent of the machine's calendar.
struct SampleDate: Sendable, Comparable {
    static let years = [2021, 2022, 2023]
    /// Days from the 15th of June to the 15th of September.
    static let dayCount = 93

    var year: Int
    /// Days since the 15th of June.
    var day: Int
    /// Seconds since midnight.
    var second: Int

    var date: String {
        var rest = day + 14
        for (month, length) in [(6, 30), (7, 31), (8, 31)] {
            if rest < length { return "\(year)-0\(month)-\(Self.two(rest + 1))" }
            rest -= length
        }
        return "\(year)-09-\(Self.two(rest + 1))"
    }

    var timestamp: String {
        "\(date) \(Self.two(second / 3600)):\(Self.two(second / 60 % 60)):\(Self.two(second % 60))"
    }

    static func < (left: SampleDate, right: SampleDate) -> Bool {
        (left.year, left.day, left.second) < (right.year, right.day, right.second)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Encounter {
    /// The encounters of one whale, in no particular order: at least three if it has six images or more, each with at
    /// most eight.
    static func drawn(whale: Int, images: Int, generator: inout SeededGenerator) -> [Encounter] {
        let most = min(8, max(1, images / 3))
        var sizes: [Int] = []
        var left = images
        while left > 0 {
            let chance = generator.uniform()
            let wanted = chance < 0.3 ? 1 : chance < 0.62 ? 2 : chance < 0.8 ? 3 : generator.integer(in: 4..<9)
            let size = min(wanted, most, left)
            sizes.append(size)
            left -= size
        }
        var days: Set<Int> = []
        let offset = generator.integer(in: 0..<SampleDate.years.count)
        return sizes.enumerated().map { index, size in
            // Years alternate, so that most whales have encounters in several.
            let year = generator.chance(0.75) ? offset + index : generator.integer(in: 0..<SampleDate.years.count)
            var day = generator.integer(in: 0..<SampleDate.dayCount)
            let yearIndex = year % SampleDate.years.count
            while !days.insert(yearIndex * SampleDate.dayCount + day).inserted && days.count < SampleDate.dayCount {
                day = (day + 1) % SampleDate.dayCount
            }
            let second = generator.integer(in: 8 * 3600..<19 * 3600)
            return Encounter(
                whale: whale, imageCount: size,
                date: SampleDate(year: SampleDate.years[yearIndex], day: day, second: second))
        }
    }
}
