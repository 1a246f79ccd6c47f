import Catalog
import Foundation
import Testing

@testable import Sample

/// The plan of a pod with the demonstration's numbers, without drawing.
struct PodPlanTests {
    private let plan: PodPlan
    private let shots: [String: PodPlan.Shot]

    init() throws {
        plan = try PodPlan(whales: SamplePod.standardWhales, images: SamplePod.standardImages, seed: 7)
        shots = Dictionary(uniqueKeysWithValues: plan.shots.map { ($0.id, $0) })
    }

    @Test func `Every query has a match, and none from its own encounter`() throws {
        #expect(plan.scenarios.map(\.id) == ["top-top", "top-earlier", "lateral-top", "top-lateral"])
        for scenario in plan.scenarios {
            for query in scenario.queries {
                let asking = try #require(shots[query.imageID])
                let answers = scenario.database.compactMap { shots[$0] }.filter { $0.whale == asking.whale }
                #expect(!answers.isEmpty, "\(query.id)")
                #expect(answers.allSatisfy { $0.encounterID != asking.encounterID }, "\(query.id)")
            }
        }
    }

    @Test func `Flanks are queries once per encounter, and the rarer ones`() throws {
        let counts = Dictionary(uniqueKeysWithValues: plan.scenarios.map { ($0.id, $0.queries.count) })
        let tops = try #require(plan.scenarios.first { $0.id == "top-lateral" })
        let asking = tops.queries.compactMap { shots[$0.imageID]?.encounterID }
        #expect(Set(asking).count == asking.count)
        let rare = try #require(counts["lateral-top"]) + asking.count
        #expect(rare < counts.values.reduce(0, +) / 2)
    }

    @Test func `Scenarios use whole encounters that never train, and some whales are unseen in training`() {
        let used = Set(plan.scenarios.flatMap { $0.database + $0.queries.map(\.imageID) })
        let reserved = plan.shots.filter { used.contains($0.id) }
        let training = plan.shots.filter { !used.contains($0.id) }
        #expect(Set(reserved.map(\.encounterID)).isDisjoint(with: training.map(\.encounterID)))
        #expect(training.count > plan.shots.count / 2)
        let unseen = Set(reserved.map(\.whale)).subtracting(training.map(\.whale))
        #expect((15...25).contains(unseen.count), "\(unseen.count)")
    }

    @Test func `The shares are close to the real data's`() {
        let count = Double(plan.shots.count)
        let laterals = plan.shots.filter { $0.viewpoint.isLateral }
        // The real data have 8% flanks; more let a network learn both views and give enough queries.
        #expect((0.1...0.2).contains(Double(laterals.count) / count))
        #expect(Set(laterals.map(\.viewpoint)) == [.left, .right])
        let counts = Dictionary(grouping: plan.shots, by: \.whale).mapValues(\.count)
        let singles = counts.values.filter { $0 == 1 }.count
        // There, 155 of 788 have one image, often a known whale under another name.
        #expect((0.05...0.2).contains(Double(singles) / Double(counts.count)))
        #expect(counts.values.reduce(0, +) == SamplePod.standardImages)
    }

    @Test func `Dates span three years, and an encounter is one whale on one day`() {
        #expect(Set(plan.shots.map(\.date.year)) == [2021, 2022, 2023])
        for (id, group) in Dictionary(grouping: plan.shots, by: \.encounterID) {
            #expect(Set(group.map(\.whale)).count == 1, "\(id)")
            #expect(Set(group.map(\.date.date)).count == 1, "\(id)")
        }
    }

    @Test func `Image numbers reveal nothing about the whale`() {
        let neighbours = zip(plan.shots, plan.shots.dropFirst()).filter { $0.whale == $1.whale }.count
        // By chance about 2% of the pairs.
        #expect(Double(neighbours) / Double(plan.shots.count) < 0.06)
    }
}
