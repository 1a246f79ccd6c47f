import Basics
import Catalog
import Foundation
import Testing

/// Compares the rules with wildlife-datasets' own code: `Fixtures/wildlife-splits.py`.
@Suite struct WildlifeSplitTests {
    private let golden: JSONValue

    init() throws {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        golden = try JSONValue.read(fixtures.appending(path: "wildlife-splits.json"))
    }

    /// Animals `a000`… with photographs `a000-000`…, on the days of the fixture, each its own encounter.
    private func varied() throws -> Catalog {
        let days = try #require(golden["days"]?.array).map { $0.array?.compactMap(\.string) ?? [] }
        return Self.catalog(days)
    }

    private func even() throws -> Catalog {
        let (animals, photographs) = (golden["animals"]?.integer, golden["photographs"]?.integer)
        let days = Array(repeating: "2019-01-01", count: try #require(photographs))
        return Self.catalog(Array(repeating: days, count: try #require(animals)))
    }

    private static func catalog(_ days: [[String]]) -> Catalog {
        func name(_ number: Int) -> String { String(String(1000 + number).dropFirst()) }
        let photographs = days.enumerated().flatMap { whale, days in
            days.enumerated().map { index, day in
                let id = "a\(name(whale))-\(name(index))"
                return Photograph(id: id, path: "\(id).jpg", date: day, whaleID: "a\(name(whale))")
            }
        }
        return Catalog(directory: URL(filePath: "/nowhere"), photographs: photographs)
    }

    /// The number of each animal's photographs outside the test set.
    private func trained(_ settings: SplitSettings, _ catalog: Catalog) throws -> [Int] {
        let split = try settings.split(catalog, fold: 0, reserved: nil, seed: 1)
        let rows = split.rows.filter { $0.role != .test }
        return catalog.whales.map { whale in rows.count { $0.whaleID == whale } }
    }

    private func cases(_ name: String) throws -> [(case: JSONValue, trained: [Int])] {
        try #require(golden[name]?.array).map { ($0, $0["trained"]?.integers ?? []) }
    }

    @Test func `A closed-set split trains on the same number of photographs of each animal as wildlife-datasets`()
        throws
    {
        for (one, expected) in try cases("closed") {
            let proportion = try #require(one["ratio_train"]?.double)
            let settings = SplitSettings(kind: .closedSet, folds: 5) { $0.proportion = proportion }
            #expect(try trained(settings, varied()) == expected, "\(proportion)")
        }
    }

    @Test func `An open-set split has the same numbers of unseen animals and other photographs as wildlife-datasets`()
        throws
    {
        for (one, expected) in try cases("open") {
            let unseen = try #require(one["ratio_class_test"]?.double)
            let proportion = try #require(one["ratio_train"]?.double)
            let settings = SplitSettings(kind: .openSet, folds: 5) {
                $0.unseenImages = unseen
                $0.proportion = proportion
            }
            #expect(try trained(settings, even()).sorted() == expected, "\(one)")
        }
    }

    @Test func `A disjoint-set split has no animal on both sides and the same number unseen as wildlife-datasets`()
        throws
    {
        for (one, expected) in try cases("disjoint") {
            let unseen = try #require(one["ratio_class_test"]?.double)
            let settings = SplitSettings(kind: .disjointSet, folds: 5) { $0.unseenImages = unseen }
            #expect(try trained(settings, even()).sorted() == expected, "\(one)")
        }
    }

    @Test func `A split by the share of each animal's days keeps the same photographs as wildlife-datasets`() throws {
        for one in try #require(golden["time_proportion"]?.array) {
            let proportion = try #require(one["ratio"]?.double)
            let settings = SplitSettings(kind: .time, folds: 5) { $0.proportion = proportion }
            let split = try settings.split(varied(), fold: 0, reserved: nil, seed: 1)
            #expect(split.images(.test).sorted() == one["test"]?.array?.compactMap(\.string), "\(proportion)")
        }
    }
}
