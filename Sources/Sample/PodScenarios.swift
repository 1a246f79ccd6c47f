import Basics
import Catalog

extension PodPlan {
    /// The scenarios: top against top of all years, one year against an earlier one, and flank against top in both
    /// directions.
    ///
    /// A query's matches always come from other encounters; a query without matches is left out. Every reserved image
    /// is in some scenario.
    var scenarios: [Scenario] {
        let tops = shots.filter { $0.isReserved && $0.viewpoint == .top }
        let flanks = shots.filter { $0.isReserved && $0.viewpoint != .top }
        let asking = askingEncounters(of: tops)
        return [
            scenario(
                "top-top", queries: tops.filter { asking.contains($0.encounterID) },
                database: tops.filter { !asking.contains($0.encounterID) }),
            yearAgainstYear(tops),
            scenario("lateral-top", queries: flanks, database: tops),
            scenario("top-lateral", queries: firstOfEach(tops), database: flanks),
        ].compactMap(\.self)
    }

    private func scenario(_ id: String, queries: [Shot], database: [Shot]) -> Scenario? {
        let known = Set(database.map(\.whale))
        let queries = queries.filter { known.contains($0.whale) }
        if queries.isEmpty { return nil }
        return Scenario(
            id: id, queries: queries.map { .init(id: "\(id)-\($0.id)", imageID: $0.id) },
            database: database.map(\.id))
    }

    /// One image from each encounter, because flanks are rare and a single encounter should not query them many times.
    private func firstOfEach(_ tops: [Shot]) -> [Shot] {
        var met: Set<String> = []
        return tops.filter { met.insert($0.encounterID).inserted }
    }

    /// About two in five encounters of each whale with several.
    private func askingEncounters(of tops: [Shot]) -> Set<String> {
        var generator = SeededGenerator(seed: seed, "asking")
        var result: Set<String> = []
        let byWhale = Dictionary(grouping: tops, by: \.whale)
        for whale in byWhale.keys.sorted() {
            let encounters = Set(byWhale[whale, default: []].map(\.encounterID)).sorted()
            if encounters.count < 2 { continue }
            result.formUnion(generator.shuffled(encounters).prefix(max(1, encounters.count * 2 / 5)))
        }
        return result
    }

    /// The pair of years with the most queries, which are from the later year.
    private func yearAgainstYear(_ tops: [Shot]) -> Scenario? {
        var best: Scenario?
        for later in SampleDate.years.reversed() {
            for earlier in SampleDate.years.reversed() where earlier < later {
                let candidate = scenario(
                    "top-earlier", queries: tops.filter { $0.date.year == later },
                    database: tops.filter { $0.date.year == earlier })
                if let candidate, candidate.queries.count > best?.queries.count ?? 0 { best = candidate }
            }
        }
        return best
    }
}
