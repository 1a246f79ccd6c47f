import Basics
import Foundation
import Results
import Testing

@testable import Reports

/// People's decisions in documents.
@Suite struct DecisionTests {
    private static let suspects = "```{identity-suspects}\n#| label: fig-a\n```\n"
    private static let merge = PairQuestion(
        source: .merge, queryImageID: "w3p2", queryWhaleID: "whale 3", imageID: "w1p1", whaleID: "whale 1")
    private static let split = PairQuestion(
        source: .split, queryImageID: "w2p3", queryWhaleID: "whale 2", imageID: "w2p1", whaleID: "whale 2",
        movedImageIDs: ["w2p3"])

    /// A pod with a file of decisions.
    private static func pod(
        _ decisions: [(reviewer: String, verdict: PairDecision.Verdict, question: PairQuestion)]
    ) throws -> Pod {
        let pod = try Pod()
        let file = pod.root.appending(path: DecisionLog.fileName)
        let log = try DecisionLog(file)
        for (number, decision) in decisions.enumerated() {
            try log.append(
                PairDecision(
                    id: "\(number)", time: "2026-11-30T10:00:00Z", reviewer: decision.reviewer,
                    verdict: decision.verdict, question: decision.question, shownImageIDs: [], shown: "a sentence",
                    seconds: 4))
        }
        pod.decisions = try ReportDecisions(file)
        return pod
    }

    @Test func `What is open comes first, and every decision has its reviewer`() throws {
        let markdown = try Self.pod([("Anna", .different, Self.split)]).markdown(Self.suspects)
        #expect(markdown.contains("1 of 2 suspected pairs is decided: 1 different; 1 is open."))
        let rows = markdown.split(separator: "\n").filter { $0.hasSuffix("| Anna |") || $0.hasSuffix("| open | – |") }
        #expect(rows.count == 2)
        #expect(rows[0].hasPrefix("| 1 | whale 1 |") && rows[0].hasSuffix("| open | – |"))
        #expect(rows[1].hasPrefix("| 2 | whale 2 |") && rows[1].hasSuffix("| different | Anna |"))
    }

    @Test func `What is decided is no longer counted as a name to check, and an animal's page says who decided`() throws
    {
        let pod = try Self.pod([("Anna", .different, Self.split)])
        #expect(try pod.markdown("```{what-to-do}\n```\n").contains("- **Check 1 name: whale 1.**"))
        _ = try pod.markdown("```{whale-grid}\n```\n")
        let page = try pod.read("reports/trial_files/animals/whale-20-2.md")
        #expect(page.contains("**Name to check, no. 2 of 2.**") && page.contains("Decided: different (Anna)."))
    }

    @Test func `Disagreement stays open, and who cannot tell has decided`() throws {
        let pod = try Self.pod([
            ("Anna", .same, Self.merge), ("Ben", .different, Self.merge), ("Anna", .cannotTell, Self.split),
        ])
        let markdown = try pod.markdown(Self.suspects)
        #expect(
            markdown.contains(
                "1 of 2 suspected pairs is decided: 1 cannot tell; 1 is open, 1 of them because people disagree."))
        #expect(markdown.contains("| disputed | Anna: same, Ben: different |"))
        #expect(markdown.contains("| cannot tell | Anna |"))
    }

    @Test func `A decision about another pair decides nothing`() throws {
        let other = PairQuestion(
            source: .merge, queryImageID: "w4p1", queryWhaleID: "whale 4", imageID: "w1p1", whaleID: "whale 1")
        let markdown = try Self.pod([("Anna", .same, other)]).markdown(Self.suspects)
        #expect(markdown.contains("0 of 2 suspected pairs are decided; 2 are open."))
    }

    @Test func `Lines that cannot be read are counted, and another file of this name is no file of decisions`() throws {
        let pod = try Self.pod([("Anna", .different, Self.split)])
        let file = pod.root.appending(path: DecisionLog.fileName)
        try AtomicFile.write(String(contentsOf: file, encoding: .utf8) + "2,2026-11-30T\n", to: file)
        pod.decisions = try ReportDecisions(file)
        #expect(try pod.markdown(Self.suspects).contains("1 line of decisions.csv cannot be read and does not count."))
        try AtomicFile.write("id,decision\n1,sell\n", to: file)
        #expect(try ReportDecisions(file) == nil)
    }

    @Test func `Without a file of decisions the document and its record have none`() throws {
        let pod = try Pod()
        #expect(try ReportDecisions(pod.root.appending(path: DecisionLog.fileName)) == nil)
        let markdown = try pod.markdown(Self.suspects)
        #expect(!markdown.contains("suspected pair") && !markdown.contains("Decided by"))
        #expect(try !pod.read("reports/trial_files/record.json").contains("decisions"))
    }

    @Test func `Only a document that uses decisions records them, without what the page showed`() throws {
        let pod = try Self.pod([("Anna", .same, Self.merge)])
        _ = try pod.markdown("No cell.\n")
        #expect(try !pod.read("reports/trial_files/record.json").contains("decisions"))
        _ = try pod.markdown(Self.suspects)
        let record = try JSONValue(parsing: Data(pod.read("reports/trial_files/record.json").utf8))
        #expect(record[path: "decisions.length"]?.integer == pod.decisions?.length)
        #expect(!record.text.contains("a sentence"))
        #expect(try record.decoded(as: RenderRecord.self).decisions == pod.decisions)
    }

    @Test func `A digest that is none makes a record unusable`() throws {
        let pod = try Self.pod([("Anna", .same, Self.merge)])
        _ = try pod.markdown(Self.suspects)
        let text = try pod.read("reports/trial_files/record.json")
        let digest = try #require(pod.decisions?.digest)
        let record = try JSONValue(parsing: Data(text.replacing(digest, with: "../\(digest)").utf8))
        #expect(try record.decoded(as: RenderRecord.self).flaw?.contains("decisions") == true)
    }

    @Test func `Decided pairs with a probability make a curve and a sentence`() throws {
        func season(_ image: String, _ probability: Double) -> PairQuestion {
            PairQuestion(
                source: .season, queryImageID: image, queryWhaleID: nil, imageID: "w1p1", whaleID: "whale 1",
                probability: probability)
        }
        let cell = "```{reliability-curve}\n#| label: fig-a\npredictions: decisions\n```\n"
        let pod = try Self.pod([
            ("Anna", .same, season("n1", 0.5)), ("Anna", .new, season("n2", 0.5)), ("Anna", .same, season("n3", 0.9)),
        ])
        let markdown = try pod.markdown(cell)
        #expect(markdown.contains("3 decided pairs have a probability: one animal was expected for 63% and"))
        #expect(markdown.contains("| 0.4 to 0.6 | 2 | 50.0% | 50.0% | 9.5% to 90.5% |"))
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        #expect((data["bins"]?.array ?? []).map { $0["count"]?.integer } == [2, 1])
        let without = try Pod().markdown(cell.replacing("#| label: fig-a\n", with: ""))
        #expect(without.contains("No decided pair has a probability."))
    }
}
