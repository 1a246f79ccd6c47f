import Basics
import Foundation
import Results
import Testing

@testable import Reports

/// The documents of the project itself.
struct CommittedDocumentTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: ["write-up", "appendix", "failures", "retrain"], [false, true])
    func `A committed document renders without errors, with code from the present sources`(
        name: String, isCompared: Bool
    )
        throws
    {
        let pod = try Pod()
        pod.sources = Self.root.appending(path: "Sources")
        if isCompared { try pod.addEarlierRun() }
        let document = try Document.parse(contentsOf: Self.root.appending(path: "reports/\(name).book.md"))
        let result = try ReportRenderer(inputs: pod.inputs).render(
            document, formats: [.gfm, .html, .text], to: pod.root.appending(path: "reports"))
        #expect(result.errors.map(\.description) == [])
        #expect(result.outputs.count == 3)
        #expect(XMLWellFormedness(try pod.read("reports/\(name).html")).problem == nil)
    }

    @Test(arguments: ["write-up", "appendix", "failures", "retrain"])
    func `Every numbered figure and table of a committed document has a caption`(name: String) throws {
        let document = try Document.parse(contentsOf: Self.root.appending(path: "reports/\(name).book.md"))
        for cell in document.cells {
            guard let label = cell.options.label, References.Kind(label: label) != nil else { continue }
            let caption = cell.options.figureCaption ?? cell.options.tableCaption
            #expect(caption?.isEmpty == false, "\(label) would be a number without a caption")
        }
    }

    @Test(arguments: [("appendix", 1), ("failures", 0)])
    func `Without matched marks a document says so in a sentence, or has no section about them`(
        name: String, sentences: Int
    ) throws {
        let pod = try Pod()
        pod.sources = Self.root.appending(path: "Sources")
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/explain/matches.csv"))
        let evaluation = (Pod.evaluation.object ?? [:]).merging(["fusion": .null]) { $1 }
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        let document = try Document.parse(contentsOf: Self.root.appending(path: "reports/\(name).book.md"))
        let result = try ReportRenderer(inputs: pod.inputs).render(
            document, formats: [.gfm], to: pod.root.appending(path: "reports"))
        #expect(result.errors.map(\.description) == [])
        let sentence = #/\*\*(?:Figure|Table) \d+\.\*\* Marks were not matched\. To match them, set 'match: /#
        let markdown = try pod.read("reports/\(name).md")
        #expect(markdown.matches(of: sentence).count == sentences)
        #expect(name == "appendix" || !markdown.contains("sec-marks") && !markdown.contains("Matched marks"))
    }

    @Test func `The report after a retrain begins with the verdict, or on a first run with its absence`()
        throws
    {
        let url = Self.root.appending(path: "reports/retrain.book.md")
        func head(_ pod: Pod) throws -> Substring {
            _ = try ReportRenderer(inputs: pod.inputs).render(
                Document.parse(contentsOf: url), formats: [.gfm], to: pod.root.appending(path: "reports"))
            return try pod.read("reports/retrain.md").prefix(1200)
        }
        let pod = try Pod()
        let first = try head(pod)
        #expect(first.contains("**There is nothing to compare yet.**"))
        let notes = try pod.read("reports/retrain.md").components(separatedBy: "There is nothing to compare yet:").count
        #expect(notes == 2, "one note; sections without a comparison are left out")
        #expect(try pod.read("reports/retrain.md").matches(of: #/\n## /#).count == 1, "the runs so far")
        try pod.addEarlierRun()
        let second = try head(pod)
        #expect(
            second.contains(
                "**Undecided: on 4 queries of 4 animals, run 3 (longer) scores higher than run 1: mAP@20 rose from "
                    + "0.450 to 0.512 (+0.062, p = 1.00).** For now keep run 1."
            ), "\(second)")
    }

    @Test func `Damaged documents are read without a crash`() throws {
        let texts = try ["reports/write-up.book.md", "reports/failures.book.md"].map {
            Array(try String(contentsOf: Self.root.appending(path: $0), encoding: .utf8))
        }
        var generator = SeededGenerator(seed: 7)
        let shards = Array("`\"#|{}()[]@\\/-*\n:<!")
        for round in 0..<60 {
            var text = texts[round % 2]
            for _ in 0..<30 {
                let place = generator.integer(in: 0..<text.count)
                let length = min(generator.integer(in: 0..<40), text.count - place)
                let shard = (0..<generator.integer(in: 0..<4)).map { _ in
                    shards[generator.integer(in: 0..<shards.count)]
                }
                text.replaceSubrange(place..<(place + length), with: shard)
            }
            let damaged = String(text)
            let document = Document(parsing: damaged, url: URL(filePath: "/a.book.md"))
            #expect(document.blocks.count + document.problems.count > 0)
            _ = References(document)
            for case .prose(let prose, _) in document.blocks { _ = InlineToken.tokens(of: prose) }
            _ = CommonMark(damaged)?.plainText()
        }
    }

    @Test func `The write-up answers the eleven questions and shows the code of three parts`() throws {
        let document = try Self.committed("write-up")
        let sections = document.blocks.compactMap { if case .heading(let heading) = $0 { heading } else { nil } }
        #expect(sections.count { $0.level == 2 && $0.isNumbered } == 11)
        func snippets(_ document: Document) -> [String] {
            document.cells.filter { $0.kind == "code" }.flatMap(\.parameters).compactMap(\.value.string)
        }
        #expect(
            snippets(document)
                == ["lnbnn", "arcface", "focal-loss", "nearest-neighbours", "joined-score", "query-extension"])
    }

    @Test func `What only the author knows is a gap with a hint`() throws {
        let pod = try Pod()
        pod.sources = Self.root.appending(path: "Sources")
        let result = try ReportRenderer(inputs: pod.inputs).render(
            Self.committed("write-up"), formats: [.gfm], to: pod.root.appending(path: "reports"))
        #expect(
            result.gaps.map(\.name)
                == [
                    "team.0.name", "team.0.biography", "team.0.profession", "params.motivation", "params.tools",
                    "params.next-year",
                ])
        let markdown = try pod.read("reports/write-up.md")
        #expect(markdown.contains("**\\[to be filled in: params.motivation\\]** Your own reason"))
        #expect(markdown.contains("**\\[to be filled in: params.next-year\\]** What you would try"))
    }

    private static func committed(_ name: String) throws -> Document {
        try Document.parse(contentsOf: root.appending(path: "reports/\(name).book.md"))
    }
}
