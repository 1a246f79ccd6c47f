import Basics
import Catalog
import Configuration
import Foundation
import Results
import Testing

@testable import Workflow

/// Decisions of `review`, applied to a catalogue.
@Suite struct DecidedNamesTests {
    /// Decisions in the order of a file; each has the next id.
    private final class Log {
        private(set) var decisions: [PairDecision] = []

        @discardableResult
        func decide(
            _ verdict: PairDecision.Verdict, _ source: PairQuestion.Source, _ query: String, _ image: String,
            moved: [String] = [], by reviewer: String = "Anna"
        ) -> Self {
            func name(_ id: String) -> String? {
                id.hasPrefix("p") ? "w" + id.dropFirst().prefix { $0 != "-" } : nil
            }
            decisions.append(
                PairDecision(
                    id: "\(decisions.count)", time: "", reviewer: reviewer, verdict: verdict,
                    question: PairQuestion(
                        source: source, queryImageID: query, queryWhaleID: name(query), imageID: image,
                        whaleID: name(image), movedImageIDs: moved),
                    shownImageIDs: [], shown: "", seconds: nil))
            return self
        }

        func undo(_ number: Int) -> Self {
            let old = decisions[number]
            decisions.append(
                PairDecision(
                    id: "\(decisions.count)", time: "", reviewer: old.reviewer, verdict: .undo,
                    question: old.question, shownImageIDs: [], shown: "", seconds: nil, undoneID: old.id))
            return self
        }

        func write(to url: URL) throws {
            let log = try DecisionLog(url)
            for decision in decisions { try log.append(decision) }
        }
    }

    private static func names(_ log: Log, in sandbox: Sandbox) throws -> DecidedNames {
        DecidedNames(try Catalog.read(sandbox.root.appending(path: "pod")), log.decisions)
    }

    @Test func `Names are merged, and the animal with most photographs keeps its name`() throws {
        let sandbox = try Sandbox()
        let decided = try Self.names(
            Log().decide(.same, .merge, "p1-0", "p0-0").decide(.same, .query, "p2-3", "p1-1")
                .decide(.different, .merge, "p3-0", "p4-0").decide(.cannotTell, .merge, "p5-0", "p6-0"),
            in: sandbox)
        #expect(Set(decided.names.keys) == Set((0..<6).flatMap { ["p1-\($0)", "p2-\($0)"] }))
        #expect(Set(decided.names.values) == ["w0"])
        #expect(decided.merged.map(\.from) == ["w1", "w2"] && decided.conflicts.isEmpty && decided.divided.isEmpty)
        #expect(decided.counts == [.same: 2, .different: 1])
    }

    @Test func `A name is divided, and what left can join another`() throws {
        let sandbox = try Sandbox()
        let decided = try Self.names(
            Log().decide(.different, .split, "p0-1", "p0-0", moved: ["p0-1", "p0-4"])
                .decide(.different, .query, "p3-2", "p3-0").decide(.same, .query, "p3-2", "p4-1")
                .decide(.new, .query, "p5-0", "p6-0").decide(.same, .split, "p7-1", "p7-0", moved: ["p7-1"]),
            in: sandbox)
        #expect(
            decided.names == ["p0-1": "w0-2", "p0-4": "w0-2", "p3-2": "w4", "p5-0": "w5-2"])
        #expect(decided.merged.isEmpty)
        #expect(decided.divided.map { "\($0.count) \($0.from ?? "") \($0.into)" } == ["2 w0 w0-2", "1 w5 w5-2"])
    }

    @Test func `What a person saw counts more than the groups of a split`() throws {
        let sandbox = try Sandbox()
        let decided = try Self.names(
            Log().decide(.different, .split, "p0-1", "p0-0", moved: ["p0-1", "p0-4", "p0-5"])
                // The split took one too many and one too few.
                .decide(.same, .query, "p0-4", "p0-2").decide(.same, .query, "p0-3", "p0-1")
                // Two photographs leave together.
                .decide(.different, .query, "p1-1", "p1-0").decide(.same, .query, "p1-1", "p1-2"),
            in: sandbox)
        #expect(decided.conflicts.isEmpty)
        #expect(
            decided.names == [
                "p0-1": "w0-2", "p0-3": "w0-2", "p0-5": "w0-2", "p1-1": "w1-2", "p1-2": "w1-2",
            ])
    }

    @Test func `New photographs get the name of a candidate or a new one; the others are left out`() throws {
        let sandbox = try Sandbox()
        let decided = try Self.names(
            Log().decide(.different, .season, "/s/1.jpg", "p0-0").decide(.same, .season, "/s/1.jpg", "p1-0")
                .decide(.new, .season, "/s/2.jpg", "p1-0", moved: ["/s/3.jpg"])
                .decide(.notUsable, .season, "/s/4.jpg", "p1-0").decide(.cannotTell, .season, "/s/5.jpg", "p1-0"),
            in: sandbox)
        let additions = decided.additions.map { "\($0.path) \($0.name)" }
        #expect(additions == ["/s/1.jpg w1", "/s/2.jpg new-1", "/s/3.jpg new-1"])
        #expect(decided.names.isEmpty && decided.merged.isEmpty && decided.divided.isEmpty)
    }

    @Test func `What people dispute or took back changes nothing`() throws {
        let sandbox = try Sandbox()
        let decided = try Self.names(
            Log().decide(.same, .merge, "p1-0", "p0-0").decide(.different, .merge, "p0-3", "p1-2", by: "Ben")
                .decide(.same, .merge, "p2-0", "p3-0").undo(2),
            in: sandbox)
        #expect(decided.names.isEmpty)
        #expect(decided.disputes == ["p1-0 and p0-0: Anna says same, Ben says different"])
        let settled = try Self.names(
            Log().decide(.same, .merge, "p1-0", "p0-0").decide(.different, .merge, "p0-3", "p1-2", by: "Ben")
                .decide(.same, .merge, "p1-2", "p0-3", by: "Ben"),
            in: sandbox)
        #expect(settled.disputes.isEmpty && settled.merged.map(\.from) == ["w1"])
    }

    @Test func `Decisions that contradict each other are refused, and nothing is written`() throws {
        let sandbox = try Sandbox()
        let file = sandbox.root.appending(path: "decisions.csv")
        try Log().decide(.same, .merge, "p1-0", "p0-0").decide(.same, .merge, "p2-0", "p1-0")
            .decide(.different, .merge, "p2-0", "p0-0").write(to: file)
        let error = #expect(throws: WorkflowError.self) {
            try CatalogCorrection(file, data: DataSettings(folder: sandbox.root.appending(path: "pod").path))
        }
        #expect(error?.description.contains("p2-0 and p0-0 were decided to be different") == true)
    }

    @Test func `Decisions about what the folder does not have are reported`() throws {
        let sandbox = try Sandbox()
        let decided = try Self.names(
            Log().decide(.same, .merge, "p99-0", "p0-0").decide(.same, .season, "/s/1.jpg", "p98-0"), in: sandbox)
        #expect(decided.names.isEmpty && decided.additions.isEmpty && decided.unknown.count == 2)
    }

    @Test func `catalog --apply takes the decisions to a new folder with the new photographs`() throws {
        let sandbox = try Sandbox()
        let pod = sandbox.root.appending(path: "pod")
        let season = sandbox.root.appending(path: "season")
        for name in ["p0-0.jpg", "DSC_2.jpg"] { try AtomicFile.write(name, to: season.appending(path: name)) }
        let file = sandbox.root.appending(path: "decisions.csv")
        try Log().decide(.same, .merge, "p1-0", "p0-0")
            .decide(.different, .split, "p3-1", "p3-0", moved: ["p3-1", "p3-4"])
            .decide(.same, .season, season.appending(path: "p0-0.jpg").path, "p5-0")
            .decide(.new, .season, season.appending(path: "DSC_2.jpg").path, "p5-0").write(to: file)
        let half = try FileHandle(forWritingTo: file)
        try half.seekToEnd()
        try half.write(contentsOf: Data("5,2026".utf8))
        try half.close()
        let correction = try CatalogCorrection(file, data: DataSettings(folder: pod.path))
        let output = sandbox.root.appending(path: "corrected")
        try correction.write(to: output)
        let corrected = try Catalog.read(output)
        for photograph in try Catalog.read(pod).photographs {
            let expected =
                ["p3-1", "p3-4"].contains(photograph.id)
                ? "w3-2" : photograph.whaleID == "w1" ? "w0" : photograph.whaleID
            #expect(corrected[photograph.id] == photograph.named(expected))
        }
        // The new photograph does not take the place of the catalogue's own.
        #expect(corrected["p0-0-2"]?.whaleID == "w5" && corrected["DSC_2"]?.whaleID == "new-1")
        #expect(try String(contentsOf: output.appending(path: "images/p0-0-2.jpg"), encoding: .utf8) == "p0-0.jpg")
        #expect(
            correction.text.hasPrefix(
                """
                2 same, 1 different, 1 new, 0 not usable
                split: 2 photographs of w3 → w3-2
                merged: w1 → w0
                added: 2 new photographs of 2 animals
                """), "\(correction.text)")
        #expect(correction.text.contains("decisions.csv:6: the line has no end"))
    }
}
