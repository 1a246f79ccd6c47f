import Basics
import Catalog
import Configuration
import Foundation
import Results
import Testing

@testable import Review
@testable import Workflow

/// The pairs that a project offers for review.
@Suite struct ReviewPreparationTests {
    private static func identified(_ sandbox: Sandbox, together: Bool = false) throws -> URL {
        let candidates = """
            [{"whale_id":"w3","score":0.8,"matching_marks":20,"matching_marks_of_one_movement":14,
              "photographs":[{"image_id":"p3-1","path":"images/p3-1.jpg","score":0.8}]},
             {"whale_id":"w4","score":0.7,"photographs":[{"image_id":"p4-2","path":"x","score":0.7}]}]
            """
        let own = together ? "" : #", "probability_of_new": 0.25, "candidates": \#(candidates)"#
        let all = together ? #", "probability_of_new": 0.25, "candidates": \#(candidates)"# : ""
        let text = """
            {"together": \(together)\(all), "photographs": [
              {"photograph": "/s/1.jpg", "viewpoint": "top", "already_in_catalogue": []\(own)},
              {"photograph": "/s/2.jpg", "viewpoint": null, "already_in_catalogue": \
            \(together ? "[]" : #"[{"image_id":"p0-0"}]"#)\(own)}]}
            """
        let file = sandbox.root.appending(path: "found.json")
        try AtomicFile.write(text, to: file)
        return file
    }

    private static func prepared(
        _ sandbox: Sandbox, _ change: (inout ReviewPreparation.Choice) -> Void
    ) async throws -> ReviewPreparation.Prepared {
        var choice = ReviewPreparation.Choice()
        (choice.suspects, choice.worst) = (false, 0)
        change(&choice)
        return try await ReviewPreparation(sandbox.project(), choice).prepared()
    }

    @Test func `New photographs are paired with their candidates, except those in the catalogue`() async throws {
        let sandbox = try Sandbox()
        let file = try Self.identified(sandbox)
        let prepared = try await Self.prepared(sandbox) { $0.season = file }
        let pairs = prepared.queue.pairs
        #expect(pairs.map(\.question.queryImageID) == ["/s/1.jpg", "/s/1.jpg"])
        #expect(pairs.map(\.question.imageID) == ["p3-1", "p4-2"])
        #expect(pairs.map(\.question.probability) == [0.75, nil])
        #expect(
            pairs[0].evidence
                == "Score 0.800; the best other animal has 0.700; 14 of 20 matching marks agree; the probability of a new "
                + "animal is 25%.")
        #expect(prepared.photographs["/s/1.jpg"]?.isNew == true && prepared.notes.isEmpty)
    }

    @Test func `Photographs queried together are one question`() async throws {
        let sandbox = try Sandbox()
        let file = try Self.identified(sandbox, together: true)
        let pairs = try await Self.prepared(sandbox) { $0.season = file }.queue.pairs
        #expect(pairs.map(\.question.queryImageID) == ["/s/1.jpg", "/s/1.jpg"])
        #expect(pairs[0].question.movedImageIDs == ["/s/2.jpg"] && pairs[0].photographs == 2)
    }

    @Test func `Candidates are limited by number, year and place`() async throws {
        let sandbox = try Sandbox()
        let metadata = sandbox.root.appending(path: "pod/metadata.csv")
        let lines = try String(contentsOf: metadata, encoding: .utf8).split(separator: "\n")
        let placed = lines.enumerated().map { number, line in
            number == 0 ? "\(line),place" : "\(line),\(line.hasPrefix("p4-5") ? "Cove" : "Bay")"
        }
        try AtomicFile.write(placed.joined(separator: "\n") + "\n", to: metadata)
        let file = try Self.identified(sandbox)
        func images(_ change: (inout ReviewPreparation.Choice) -> Void) async throws -> [String] {
            try await Self.prepared(sandbox) { choice in
                choice.season = file
                change(&choice)
            }.queue.pairs.map(\.question.imageID)
        }
        #expect(try await images { $0.candidates = 1 } == ["p3-1"])
        #expect(try await images { $0.year = 2017 } == ["p3-1", "p4-2"])
        #expect(try await images { $0.year = 2018 } == [])
        #expect(try await images { $0.place = "Cove" } == ["p4-5"])
        let notes = try await Self.prepared(sandbox) { $0.place = "Fjord" }.notes
        #expect(notes == ["no photograph of the catalogue has the place 'Fjord'"])
    }

    @Test func `A file that identify did not write is refused`() async throws {
        let sandbox = try Sandbox()
        let file = sandbox.root.appending(path: "other.json")
        for text in ["{}", "[]", #"{"photographs":[{}]}"#, #"{"photographs":[{"photograph":"a","candidates":[{}]}]}"#] {
            try AtomicFile.write(text, to: file)
            await #expect(throws: FileError.self) { try await Self.prepared(sandbox) { $0.season = file } }
        }
    }

    @Test func `Results that are missing are left out with the reason`() async throws {
        let sandbox = try Sandbox()
        let prepared = try await Self.prepared(sandbox) { ($0.suspects, $0.worst) = (true, 5) }
        #expect(prepared.queue.count == 0 && prepared.notes.count == 2)
        #expect(prepared.notes[0].hasPrefix("without suspect names: "))
    }

    @Test func `Failed queries are paired with the nearest wrong animals and their own`() async throws {
        let sandbox = try Sandbox(yaml: "split: {folds: 2, unseen: 0}\n")
        _ = try await sandbox.project().run(observer: SilentObserver())
        let prepared = try await Self.prepared(sandbox) { ($0.worst, $0.candidates) = (3, 2) }
        let pairs = prepared.queue.pairs
        #expect(Set(pairs.map(\.question.queryImageID)).count == 3)
        for pair in pairs {
            let (query, candidate) = (pair.question.queryWhaleID, pair.question.whaleID)
            #expect(pair.question.source == .query && pair.evidence.hasPrefix("Rank "))
            #expect(query == prepared.photographs[pair.question.queryImageID]?.whaleID && candidate != nil)
        }
        for group in prepared.queue.groups {
            let own = group.filter { pairs[$0].question.whaleID == pairs[$0].question.queryWhaleID }
            #expect(own.count <= 1 && group.count - own.count <= 2 && group.count >= 1)
        }
    }
}
