import Basics
import Catalog
import Foundation
import Testing

@Suite struct SplitTests {
    /// 40 animals with 1 to 6 encounters of 1 to 4 photographs each.
    static func catalog(viewpoints: [Viewpoint] = [.left, .right]) -> Catalog {
        var generator = SeededGenerator(seed: 3)
        var photographs: [Photograph] = []
        for whale in 0..<40 {
            for encounter in 0..<(1 + whale % 6) {
                for _ in 0..<generator.integer(in: 1..<5) {
                    let viewpoint = viewpoints[generator.integer(in: 0..<viewpoints.count)]
                    photographs.append(
                        Photograph(
                            id: "p\(photographs.count)", path: "images/p.jpg", height: 10, width: 10,
                            viewpoint: viewpoint, whaleID: "w\(whale)", encounterID: "w\(whale)-\(encounter)"))
                }
            }
        }
        return Catalog(directory: URL(filePath: "/nowhere"), photographs: photographs)
    }

    static func settings(_ kind: SplitSettings.Kind) -> SplitSettings {
        SplitSettings(kind: kind, folds: 5)
    }

    @Test func `No encounter crosses roles and no unseen animal trains`() throws {
        let catalog = Self.catalog()
        let split = try Self.settings(.encounter).split(catalog, fold: 0, reserved: nil, seed: 1)
        var roles: [String: Set<Role>] = [:]
        for (row, photograph) in zip(split.rows, catalog.photographs) {
            roles[photograph.encounterID ?? "", default: []].insert(row.role)
        }
        #expect(roles.values.allSatisfy { $0.count == 1 })
        #expect(split.trainedWhales.count <= 30)
        #expect(!split.images(.validation).isEmpty && !split.images(.test).isEmpty)
    }

    @Test func `The test set is the same in every fold, and every fold validates other photographs`() throws {
        let catalog = Self.catalog()
        let splits = try (0..<5).map { try Self.settings(.encounter).split(catalog, fold: $0, reserved: nil, seed: 1) }
        #expect(Set(splits.map { $0.images(.test) }).count == 1)
        let validated = splits.flatMap { $0.images(.validation) }
        #expect(Set(validated).count == validated.count)
    }

    @Test func `The same seed gives the same split, another seed another`() throws {
        let catalog = Self.catalog()
        let first = try Self.settings(.encounter).split(catalog, fold: 0, reserved: nil, seed: 1)
        #expect(try first == Self.settings(.encounter).split(catalog, fold: 0, reserved: nil, seed: 1))
        #expect(try first != Self.settings(.encounter).split(catalog, fold: 0, reserved: nil, seed: 2))
    }

    @Test func `Photographs of the data's own scenarios never train`() throws {
        let catalog = Self.catalog()
        let reserved = Set(catalog.photographs.map(\.id).prefix(40))
        let split = try Self.settings(.encounter).split(catalog, fold: 0, reserved: reserved, seed: 1)
        #expect(Set(split.images(.test)) == reserved)
    }

    @Test func `In built scenarios a query never shares an encounter with its matches`() throws {
        let catalog = Self.catalog(viewpoints: [.top, .top, .left, .right])
        let split = try Self.settings(.encounter).split(catalog, fold: 0, reserved: nil, seed: 1)
        let scenarios = ScenarioBuilder(catalog, split: split).automatic()
        #expect(scenarios.map(\.id) == ["top-top", "lateral-top", "top-lateral"])
        for scenario in scenarios {
            for (query, answers) in scenario.answers(in: catalog) {
                #expect(!answers.isEmpty)
                let encounter = catalog[query.imageID]?.encounterID
                #expect(answers.allSatisfy { catalog[$0]?.encounterID != encounter })
            }
        }
    }

    @Test func `A split file reads back equal`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())/split.csv")
        let split = try Self.settings(.individual).split(Self.catalog(), fold: 0, reserved: nil, seed: 1)
        try split.write(to: url)
        #expect(try Split.read(url) == split)
    }
}
