import Basics
import Foundation
import Testing

@testable import Evaluation

struct AgreeingMarksTests {
    /// Photographs of one view, one an encounter, and the marks that agree.
    private struct Scene {
        var names: [String] = []
        var pairs: [AgreeingMarks.Pair] = []

        /// Adds an animal whose photographs agree with one another.
        mutating func add(_ name: String, _ count: Int, agreeing: Int) {
            let first = names.count
            names += Array(repeating: name, count: count)
            for one in first..<names.count {
                for other in first..<one { pairs.append(.init(one: one, other: other, count: agreeing)) }
            }
        }

        mutating func link(_ one: Int, _ other: Int, _ count: Int) {
            pairs.append(.init(one: one, other: other, count: count))
        }

        /// Ten animals of two photographs, p0 to p19, whose marks agree, as a rule of what is usual.
        static var usual: Scene {
            var scene = Scene()
            for number in 0..<10 { scene.add("w\(number)", 2, agreeing: 20) }
            return scene
        }

        func photographs(encounters: [Int: String] = [:], views: [Int: String] = [:]) -> [NamedPhotograph] {
            names.enumerated().map { number, name in
                NamedPhotograph(
                    id: "p\(number)", whaleID: name, encounterID: encounters[number] ?? "e\(number)",
                    viewpoint: views[number] ?? "top")
            }
        }

        var marks: AgreeingMarks? { AgreeingMarks(photographs(), pairs: pairs) }

        var suspects: [IdentitySuspect] {
            let photographs = photographs()
            let none = photographs.map { _ in [RelatedPhotographs.Near?]() }
            let related = RelatedPhotographs(
                photographs: photographs, animals: Set(names).sorted(), nearest: none, nearestInView: none,
                similarity: { 1 / Double(1 + abs($0 - $1)) })
            return marks.map { related.markSuspects($0) } ?? []
        }
    }

    @Test func `A photograph is in doubt if its marks agree with another animal rather than its own`() throws {
        var scene = Scene.usual
        scene.add("b", 2, agreeing: 20)
        scene.names.append("b")
        scene.link(22, 0, 15)
        scene.link(22, 1, 9)
        scene.link(22, 20, 10)
        let suspect = try #require(scene.suspects.first)
        #expect(scene.suspects.count == 1 && suspect.kind == .split && suspect.whaleID == "b")
        #expect(suspect.imageIDs == ["p22"] && suspect.otherWhaleID == "b-2" && suspect.rival?.whaleID == "w0")
        #expect(suspect.rival?.imageID == "p0" && suspect.rival?.comparison?.keptImageID == "p20")
        #expect(abs(suspect.score - 5.0 / 15) < 1e-12)
        // Half as many again is needed, and more than agree by chance.
        scene.link(22, 21, 11)
        #expect(scene.suspects.isEmpty)
        var few = Scene.usual
        few.names += ["b", "b"]
        few.link(20, 0, 4)
        #expect(few.suspects.isEmpty)
        few.link(20, 0, 5)
        #expect(few.suspects.map(\.imageIDs) == [["p20"]])
    }

    @Test func `An error does not question the photographs from which it was taken`() {
        // p20 and p21 are of a; p22 is, too, but has the name b, with p23 and p24.
        var scene = Scene.usual
        scene.add("a", 2, agreeing: 8)
        scene.add("b", 3, agreeing: 0)
        scene.link(20, 22, 30)
        scene.link(21, 22, 25)
        scene.link(23, 24, 20)
        #expect(scene.suspects.map(\.imageIDs) == [["p22"]])
    }

    @Test func `Several encounters of another animal are found together`() {
        // p22 and p23 of b agree with each other and with a.
        var scene = Scene.usual
        scene.add("a", 2, agreeing: 20)
        scene.add("b", 2, agreeing: 20)
        scene.names += ["b", "b"]
        scene.link(24, 25, 20)
        scene.link(22, 20, 18)
        // One of two may be chance.
        #expect(scene.suspects.isEmpty)
        scene.link(23, 21, 9)
        #expect(scene.suspects.map(\.imageIDs) == [["p22", "p23"]])
    }

    @Test func `Marks of one encounter or of another view are no evidence`() {
        var scene = Scene.usual
        scene.names += ["a", "a"]
        scene.link(20, 0, 15)
        func doubts(_ encounters: [Int: String], _ views: [Int: String]) -> Int? {
            AgreeingMarks(scene.photographs(encounters: encounters, views: views), pairs: scene.pairs)?.doubts().count
        }
        #expect(doubts([:], [:]) == 1)
        #expect(doubts([20: "e0"], [:]) == 0)
        #expect(doubts([:], [20: "left"]) == 0)
        // Without another photograph of its name and view there is nothing to prefer.
        #expect(doubts([:], [21: "left"]) == 0)
    }

    @Test func `Marks that agree with the own name contradict a suspicion`() throws {
        var scene = Scene.usual
        scene.add("a", 3, agreeing: 12)
        scene.link(20, 0, 7)
        let photographs = scene.photographs()
        let none = photographs.map { _ in [RelatedPhotographs.Near?]() }
        let related = RelatedPhotographs(
            photographs: photographs, animals: Set(scene.names).sorted(), nearest: none, nearestInView: none,
            similarity: { _, _ in 1 })
        let marks = try #require(scene.marks)
        func suspect(
            _ kind: IdentitySuspect.Kind, _ ids: [String], of whale: String, _ other: String
        ) -> IdentitySuspect {
            .init(
                kind: kind, whaleID: whale, otherWhaleID: kind == .merge ? other : "\(whale)-2", imageIDs: ids,
                score: 1,
                evidence: "", rival: kind == .merge ? nil : .init(whaleID: other, imageID: "p0"))
        }
        #expect(related.contradict(suspect(.split, ["p20"], of: "a", "w0"), by: marks))
        #expect(!related.contradict(suspect(.split, ["p20", "p21", "p22"], of: "a", "w0"), by: marks))
        // Two names whose own photographs agree, but not with each other.
        #expect(related.contradict(suspect(.merge, ["p20", "p3"], of: "a", "w1"), by: marks))
        #expect(!related.contradict(suspect(.merge, ["p20", "p0"], of: "a", "w0"), by: marks))
    }

    @Test func `Without enough names that marks confirm, marks show nothing`() {
        var scene = Scene()
        for number in 0..<9 { scene.add("w\(number)", 2, agreeing: 20) }
        #expect(scene.marks == nil)
        #expect(Scene.usual.marks?.check == .init(encounters: 20, found: 20) && Scene.usual.marks?.least == 5)
    }

    // MARK: Planted errors

    /// The top views of the reference run's pod, a row an encounter, and the agreeing marks of each two.
    private struct ReferencePod {
        var photographs: [NamedPhotograph] = []
        var pairs: [AgreeingMarks.Pair] = []

        init() throws {
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Fixtures/agreeing-marks.csv")
            for row in try CSVTable.read(file).rows {
                if let count = Int(row[2]) {
                    pairs.append(
                        .init(one: try #require(Int(row[0])), other: try #require(Int(row[1])), count: count))
                } else {
                    photographs.append(
                        NamedPhotograph(id: row[1], whaleID: row[0], encounterID: row[1], viewpoint: "top"))
                }
            }
        }
    }

    /// Gives 12 encounters of different animals another name: any, or that of the animal whose marks agree best.
    private static func planted(
        _ pod: ReferencePod, seed: UInt64, likely: Bool
    ) -> (photographs: [NamedPhotograph], wrong: Set<Int>) {
        var generator = SeededGenerator(seed: seed, "planted")
        var names = pod.photographs.map(\.whaleID)
        let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
        let animals = counts.keys.sorted()
        var (used, wrong) = (Set<String>(), Set<Int>())
        for position in generator.shuffled(Array(names.indices)) where wrong.count < 12 {
            let own = names[position]
            guard counts[own, default: 0] > 1, !used.contains(own) else { continue }
            let near = pod.pairs.filter { $0.one == position || $0.other == position }
                .map { (name: names[$0.one == position ? $0.other : $0.one], count: $0.count) }
                .filter { $0.name != own && !used.contains($0.name) }
                .max { ($0.count, $1.name) < ($1.count, $0.name) }
            let free = animals.filter { $0 != own && !used.contains($0) }
            let other = likely ? near?.name : free[generator.integer(in: 0..<free.count)]
            guard let other else { continue }
            used.formUnion([own, other])
            wrong.insert(position)
            names[position] = other
        }
        let photographs = zip(pod.photographs, names).map { photograph, name in
            NamedPhotograph(
                id: photograph.id, whaleID: name, encounterID: photograph.encounterID, viewpoint: photograph.viewpoint)
        }
        return (photographs, wrong)
    }

    /// The planted names among those in doubt, and the others, in some trials.
    private static func counts(_ pod: ReferencePod, likely: Bool, seeds: ClosedRange<UInt64>) throws -> [Int] {
        try seeds.reduce(into: [0, 0, 0]) { counts, seed in
            let (photographs, wrong) = planted(pod, seed: seed, likely: likely)
            let doubts = try #require(AgreeingMarks(photographs, pairs: pod.pairs)).doubts()
            counts[0] += doubts.count { !wrong.isDisjoint(with: $0.members) }
            counts[1] += doubts.count { wrong.isDisjoint(with: $0.members) }
            counts[2] += wrong.count
        }
    }

    @Test func `Of names made wrong on purpose, nearly all are found, and hardly a right one is listed`() throws {
        let pod = try ReferencePod()
        #expect(try #require(AgreeingMarks(pod.photographs, pairs: pod.pairs)).doubts().isEmpty)
        // The rules were chosen on other seeds.
        let any = try Self.counts(pod, likely: false, seeds: 11...20)
        let likely = try Self.counts(pod, likely: true, seeds: 11...20)
        #expect(any == [118, 2, 120])
        #expect(likely == [115, 3, 120])
    }

    @Test func `Some photographs show that marks do not tell these animals apart`() {
        // Two photographs of each animal; the first `right` photographs agree best with their own animal's.
        let photographs = (0..<40).map { number in
            NamedPhotograph(id: "p\(number)", whaleID: "w\(number / 2)", encounterID: "e\(number)", viewpoint: "top")
        }
        func fail(right: Int, asked: Range<Int> = 0..<40) -> Bool {
            var pairs: [AgreeingMarks.Pair] = []
            for one in stride(from: 0, to: 40, by: 2) {
                pairs.append(.init(one: one, other: one + 1, count: one < right ? 9 : 5))
                pairs.append(.init(one: one, other: (one + 2) % 40, count: 5))
                pairs.append(.init(one: one + 1, other: (one + 3) % 40, count: 5))
            }
            return AgreeingMarks.failToTellApart(photographs, asked: Array(asked), pairs: pairs)
        }
        #expect(fail(right: 14) && !fail(right: 16))
        #expect(fail(right: 0, asked: 0..<20) && !fail(right: 0, asked: 0..<19), "too few to tell")
        let single = photographs.enumerated().map { number, photograph in
            NamedPhotograph(id: photograph.id, whaleID: "w\(number)", encounterID: nil, viewpoint: "top")
        }
        #expect(!AgreeingMarks.failToTellApart(single, asked: Array(0..<40), pairs: []), "nothing could agree")
    }
}
