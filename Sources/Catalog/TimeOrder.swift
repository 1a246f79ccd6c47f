import Basics

/// Photographs in the order of time, encounters whole: each counts as of its encounter's last day.
struct TimeOrder {
    private let photographs: [Photograph]
    private let lastDays: [String: Day]

    /// - Parameter photographs: Each of a known day.
    init(_ photographs: [Photograph]) {
        self.photographs = photographs
        var lastDays: [String: Day] = [:]
        for photograph in photographs {
            guard let encounter = photograph.encounterID, let day = photograph.day else { continue }
            lastDays[encounter] = max(lastDays[encounter] ?? day, day)
        }
        self.lastDays = lastDays
    }

    private func day(of photograph: Photograph) -> Day? {
        photograph.encounterID.flatMap { lastDays[$0] } ?? photograph.day
    }

    /// The photographs that are kept from training.
    ///
    /// - Parameters:
    ///   - date: All from this day on (the time-cutoff split); an encounter that reaches it goes with them.
    ///   - proportion: Without a date, the share of each animal's days that trains; of several days at least the last
    ///     is kept, and an animal of one day only trains (the time-proportion split).
    /// - Throws: ``SplitError/nothingAfter(date:first:last:)``.
    ///
    /// Source: Papafitsoros et al., SeaTurtleID, arXiv 2211.10307; `TimeCutoffSplit` and `TimeProportionSplit` of
    /// wildlife-datasets 1.0.9, which know no encounters.
    func later(date: Day?, proportion: Double) throws -> [Photograph] {
        guard let date else {
            let byWhale = Dictionary(grouping: photographs) { $0.whaleID ?? "" }
            return byWhale.values.flatMap { photographs in
                let days = Set(photographs.compactMap(day)).sorted()
                let trained = Int((proportion * Double(days.count)).rounded(.toNearestOrEven))
                let late = days.count > 1 ? Set(days.dropFirst(min(days.count - 1, trained))) : []
                return photographs.filter { day(of: $0).map(late.contains) == true }
            }
        }
        let result = photographs.filter { day(of: $0).map { $0 >= date } == true }
        let days = photographs.compactMap(\.day)
        if result.isEmpty, let first = days.min(), let last = days.max() {
            throw SplitError.nothingAfter(date: date, first: first, last: last)
        }
        return result
    }

    /// Parts of consecutive days with about the same number of photographs; no day is torn.
    ///
    /// - Throws: ``SplitError/tooFewDays(days:folds:)``.
    func blocks(of photographs: [Photograph], into count: Int) throws -> [String: Int] {
        let byDay = Dictionary(grouping: photographs) { day(of: $0) }.compactMap { day, photographs in
            day.map { (day: $0, photographs: photographs) }
        }
        if byDay.isEmpty { return [:] }
        guard byDay.count >= count else { throw SplitError.tooFewDays(days: byDay.count, folds: count) }
        var result: [String: Int] = [:]
        var (before, block) = (0, 0)
        for (position, entry) in byDay.sorted(by: { $0.day < $1.day }).enumerated() {
            // A day goes where its middle photograph falls, but no block stays empty on either side.
            let middle = before + entry.photographs.count / 2
            let wanted = middle * count / photographs.count
            let most = position == 0 ? 0 : block + 1
            block = max(min(wanted, most), count - (byDay.count - position), block)
            for photograph in entry.photographs { result[photograph.id] = block }
            before += entry.photographs.count
        }
        return result
    }
}

extension Photograph {
    /// The day, or nil where the whole of it is not known.
    var day: Day? { date.flatMap { Day(String($0.prefix(10))) } }
}
