import Basics
import Foundation
import Testing

@testable import Catalog

@Suite struct SplitKindTests {
    /// Twelve animals with three encounters of two photographs, each on a different day.
    private static func photographs(column: (Int) -> String? = { _ in nil }) -> [Photograph] {
        (0..<72).map { index in
            let (whale, encounter) = (index / 6, index % 6 / 2)
            return Photograph(
                id: "p\(100 + index)", path: "p\(index).jpg", date: "2019-0\(1 + encounter)-\(10 + whale)",
                whaleID: "w\(whale)", encounterID: "w\(whale)-\(encounter)", split: column(index))
        }
    }

    private static func catalog(_ photographs: [Photograph]) -> Catalog {
        Catalog(directory: URL(filePath: "/nowhere"), photographs: photographs)
    }

    private static func split(
        _ settings: SplitSettings, _ photographs: [Photograph] = photographs(), fold: Int = 0,
        reserved: Set<String>? = nil
    ) throws -> Split {
        try settings.split(catalog(photographs), fold: fold, reserved: reserved, seed: 1)
    }

    @Test(arguments: SplitSettings.Kind.allCases)
    func
        `A split does not depend on the order of rows, and each fold has other validation photographs and the same test set`(
            kind: SplitSettings.Kind
        ) throws
    {
        let photographs = Self.photographs { $0 % 6 < 4 ? "train" : "test" }
        let settings = SplitSettings(kind: kind, folds: 3) {
            $0.unseenImages = 0.25
            $0.proportion = 0.7
        }
        let splits = try (0..<3).map { try Self.split(settings, photographs, fold: $0) }
        for (fold, split) in splits.enumerated() {
            let other = try Self.split(settings, photographs.reversed(), fold: fold)
            #expect(Set(split.rows.map(Line.init)) == Set(other.rows.map(Line.init)))
        }
        #expect(Set(splits.map { $0.images(.test) }).count == 1 && !splits[0].images(.test).isEmpty)
        let validated = splits.flatMap { $0.images(.validation) }
        #expect(!validated.isEmpty && Set(validated).count == validated.count)
    }

    private struct Line: Hashable {
        let id: String
        let role: Role
        let fold: Int?

        init(_ row: Split.Row) { (id, role, fold) = (row.imageID, row.role, row.fold) }
    }

    @Test func `A split by time tests on later photographs, including encounters that reach the day`() throws {
        var photographs = Self.photographs()
        // The encounter of 2019-02-21 has one photograph from the boundary day.
        let reaching = try #require(photographs.firstIndex { $0.date == "2019-02-21" })
        let old = photographs[reaching]
        photographs[reaching] = Photograph(
            id: old.id, path: old.path, date: "2019-03-01", whaleID: old.whaleID, encounterID: old.encounterID)
        let settings = SplitSettings(kind: .time, folds: 3) { $0.date = Day("2019-03-01") }
        let test = Set(try Self.split(settings, photographs).images(.test))
        #expect(
            test
                == Set(photographs.filter { $0.date ?? "" >= "2019-03" || $0.encounterID == old.encounterID }.map(\.id))
        )
    }

    @Test func `Folds by time are consecutive days with about the same number of photographs`() throws {
        let settings = SplitSettings(kind: .time, folds: 4) { $0.date = Day("2019-03-01") }
        let rows = try Self.split(settings).rows.filter { $0.fold != nil }
        let dates = Dictionary(uniqueKeysWithValues: Self.photographs().map { ($0.id, $0.date ?? "") })
        let days = (0..<4).map { fold in rows.filter { $0.fold == fold }.compactMap { dates[$0.imageID] } }
        for (earlier, later) in zip(days, days.dropFirst()) { #expect(earlier.max() ?? "" < later.min() ?? "") }
        #expect(days.map(\.count) == [12, 12, 12, 12])
    }

    @Test
    func `A day after the last photograph, too few days for the folds, and a photograph without a day are refused`()
        throws
    {
        let last = try #require(Day("2019-03-21")), first = try #require(Day("2019-01-10"))
        let date = try #require(Day("2020-01-01"))
        #expect(throws: SplitError.nothingAfter(date: date, first: first, last: last)) {
            try Self.split(SplitSettings(kind: .time, folds: 3) { $0.date = date })
        }
        #expect(throws: SplitError.tooFewDays(days: 2, folds: 3)) {
            try Self.split(SplitSettings(kind: .time, folds: 3) { $0.date = Day("2019-01-12") })
        }
        let undated =
            Self.photographs() + [
                Photograph(id: "q1", path: "q", date: "2019", whaleID: "w1", encounterID: "e"),
                Photograph(id: "q2", path: "q", whaleID: "w1", encounterID: "e"),
            ]
        let error = #expect(throws: CatalogError.self) { try Self.split(SplitSettings(kind: .time, folds: 3), undated) }
        #expect(error?.problems.count == 1)
        #expect(
            error?.description.contains(
                "no day for 2 of 74 photographs (lines 74, 75). '2019' of 'q1' is not a day. Write YYYY-MM-DD")
                == true)
    }

    @Test func `The metadata's column sets the roles; folds divide its training photographs if it names no validation`()
        throws
    {
        let settings = SplitSettings(kind: .column, folds: 3)
        let named = Self.photographs { ["train", "Train", "val", "test", "", nil][$0 % 6] }
        let split = try Self.split(settings, named)
        #expect(split.rows.prefix(6).map(\.role) == [.train, .train, .validation, .test, .none, .none])
        #expect(throws: SplitError.oneValidation(fold: 1)) { try Self.split(settings, named, fold: 1) }
        let wrong = Self.photographs { $0 == 3 ? "tset" : "train" }
        let error = #expect(throws: CatalogError.self) { try Self.split(settings, wrong) }
        #expect(
            error?.description.contains(
                ":5: the column 'split' has 'tset' for 1 of 72 photographs (line 5). Did you mean 'test'?") == true)
        #expect(throws: CatalogError.self) { try Self.split(settings) }
    }

    @Test func `An encounter of several animals stays on one side`() throws {
        let photographs = (0..<60).map { index in
            Photograph(
                id: "p\(index)", path: "p.jpg", whaleID: "w\(index % 20)", encounterID: "herd-\(index / 2)")
        }
        for seed: UInt64 in 1...5 {
            let split = try SplitSettings(kind: .encounter, folds: 3) { $0.unseen = 0.2 }
                .split(Self.catalog(photographs), fold: 0, reserved: nil, seed: seed)
            let roles = Dictionary(grouping: zip(photographs, split.rows)) { $0.0.encounterID }
            #expect(roles.values.allSatisfy { Set($0.map(\.1.role)).count == 1 })
        }
    }

    @Test func `Animals with few photographs are left out, or are distractors in the test set`() throws {
        let photographs = Self.photographs() + [Photograph(id: "q", path: "q", whaleID: "rare", encounterID: "e")]
        var settings = SplitSettings(kind: .encounter, folds: 3) { $0.minimumImages = 2 }
        #expect(try Self.split(settings, photographs).rows.last?.role == Role.none)
        #expect(settings.distractors(in: Self.catalog(photographs)).isEmpty)
        settings.rare = .distractors
        #expect(try Self.split(settings, photographs).rows.last?.role == .test)
        #expect(settings.distractors(in: Self.catalog(photographs)) == ["rare"])
    }

    @Test func `Photographs without a name are refused, left out, or queries`() throws {
        let photographs = Self.photographs() + [Photograph(id: "q", path: "q")]
        var settings = SplitSettings(kind: .encounter, folds: 3)
        let error = #expect(throws: CatalogError.self) { try Self.split(settings, photographs) }
        #expect(error?.description.contains("set split.unknown: leave-out or queries") == true)
        settings.unknown = .leaveOut
        #expect(try Self.split(settings, photographs).rows.last?.role == Role.none)
        settings.unknown = .queries
        let split = try Self.split(settings, photographs)
        #expect(split.rows.last?.role == .test && !split.trainedWhales.contains(""))
    }

    @Test func `If the data have scenarios, these are the test set, and other held-out photographs validate`()
        throws
    {
        let reserved = Set(Self.photographs().prefix(12).map(\.id))
        let settings = SplitSettings(kind: .time, folds: 3) { $0.date = Day("2019-03-01") }
        let split = try Self.split(settings, reserved: reserved)
        #expect(Set(split.images(.test)) == reserved)
        let later = Self.photographs().filter { $0.date ?? "" >= "2019-03" && !reserved.contains($0.id) }.map(\.id)
        #expect(Set(split.images(.validation)).isSuperset(of: later))
    }

    @Test(arguments: [
        ("2020-02-29", true), ("2019-02-29", false), ("2019-13-01", false), ("2019-00-10", false), ("2019-1-01", false),
        ("2019-04-31", false), ("1900-02-29", false), ("2000-02-29", true), ("２019-01-01", false), ("", false),
    ])
    func `A day exists in the calendar`(text: String, isDay: Bool) {
        #expect((Day(text) != nil) == isDay)
    }
}
