import Basics
import Foundation
import Testing

@testable import Results

@Suite final class DecisionLogTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "decisions-\(UUID().uuidString)")
    private var file: URL { folder.appending(path: DecisionLog.fileName) }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func decision(
        _ id: String, by reviewer: String = "Anna", _ verdict: PairDecision.Verdict = .same, about image: String = "a"
    ) -> PairDecision {
        PairDecision(
            id: id, time: "2026-11-30T10:00:00Z", reviewer: reviewer, verdict: verdict,
            question: PairQuestion(
                source: .merge, queryImageID: image, queryWhaleID: "w1, \"the old\"", imageID: "b", whaleID: "w2",
                movedImageIDs: ["c", "d"], probability: 0.25),
            shownImageIDs: [image, "b"], shown: "Half; of \"all\"", seconds: 4.5)
    }

    private func text() throws -> String { try String(contentsOf: file, encoding: .utf8) }

    private func append(_ text: String) throws {
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    @Test func `A decision is in the file at once, in one line, and comes back unchanged`() throws {
        let log = try DecisionLog(file)
        #expect(!FileManager.default.fileExists(atPath: file.path))
        let decisions = [Self.decision("1"), Self.decision("2", by: "Ben\nBen", .cannotTell)]
        for decision in decisions { try log.append(decision) }
        #expect(try text().count { $0 == "\n" } == 3)
        let table = try CSVTable.read(file)
        #expect(table.header.prefix(4) == ["decision_id", "time", "reviewer", "decision"])
        #expect(table.rows.map { $0[2] } == ["Anna", "Ben Ben"])
        let read = try DecisionLog(file).contents().decisions
        #expect(read[0] == decisions[0] && read.count == 2)
        #expect(read[0].question == decisions[0].question)
    }

    @Test func `A line that was cut off is reported, stays, and spoils no other`() throws {
        let log = try DecisionLog(file)
        try log.append(Self.decision("1"))
        try append("2,2026-11-30T10:00:00Z,\"Ann")
        let other = try DecisionLog(file)
        #expect(other.contents().decisions.map(\.id) == ["1"])
        #expect(other.problems.problems.map(\.line) == [3])
        try other.append(Self.decision("3"))
        try log.refresh()
        #expect(log.contents().decisions.map(\.id) == ["1", "3"])
        #expect(log.problems.count == 1 && log.problems.problems.map(\.line) == [3])
        #expect(try text().contains("\n2,2026-11-30T10:00:00Z,\"Ann\n3,"))
    }

    @Test(arguments: [
        ("x\n", "1 cell"), ("9,t,Anna,maybe,merge,a,w1,b,w2,,,,,,\n", "'maybe'"),
        ("9,t,Anna,same,merge,a,w1,b,w2,,7,,,,\n", "'7'"), ("\"9,t\n", "quote"),
    ])
    func `A damaged line is reported with its number, and the others count`(line: String, problem: String) throws {
        let log = try DecisionLog(file)
        try log.append(Self.decision("1"))
        try append(line)
        try log.append(Self.decision("2"))
        let read = try DecisionLog(file)
        #expect(read.contents().decisions.map(\.id) == ["1", "2"])
        #expect(read.problems.count == 1 && read.problems.problems[0].line == 3)
        #expect(read.problems.description.contains(problem), "\(read.problems)")
        #expect(try text().contains(line))
    }

    @Test func `Several programs that append at a time lose nothing`() async throws {
        let writers = 6
        let each = 40
        let url = file
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    let log = try DecisionLog(url)
                    for number in 0..<each { try log.append(Self.decision("\(writer)-\(number)", by: "\(writer)")) }
                }
            }
            try await group.waitForAll()
        }
        let read = try DecisionLog(file)
        #expect(read.problems.isEmpty)
        #expect(read.contents().decisions.count == writers * each)
        for writer in 0..<writers {
            let own = read.contents().decisions.filter { $0.reviewer == "\(writer)" }.map(\.id)
            #expect(own == (0..<each).map { "\(writer)-\($0)" })
        }
        #expect(try text().count { $0 == "\n" } == writers * each + 1)
    }

    @Test func `A decision that is sent again is stored once`() throws {
        let (one, other) = (try DecisionLog(file), try DecisionLog(file))
        try one.append(Self.decision("1"))
        try other.append(Self.decision("1"))
        #expect(try CSVTable.read(file).rows.count == 1)
    }

    @Test func `Another program's rows are read when they arrive, each once`() throws {
        let (one, other) = (try DecisionLog(file), try DecisionLog(file))
        try one.append(Self.decision("1"))
        try other.refresh()
        let first = other.contents()
        #expect(first.decisions.map(\.id) == ["1"])
        try one.append(Self.decision("2"))
        try other.refresh()
        #expect(other.contents(after: 1, of: first.generation).decisions.map(\.id) == ["2"])
    }

    @Test func `A replaced file is read from its start`() throws {
        let log = try DecisionLog(file)
        for id in ["1", "2"] { try log.append(Self.decision(id)) }
        let before = log.contents()
        let lines = try text().split(separator: "\n")
        try AtomicFile.write(lines[0] + "\n" + lines[2] + "\n", to: file)
        try log.refresh()
        let after = log.contents(after: 2, of: before.generation)
        #expect(after.generation != before.generation && after.decisions.map(\.id) == ["2"])
        try log.append(Self.decision("3"))
        #expect(try CSVTable.read(file).rows.map { $0[0] } == ["2", "3"])
    }

    @Test func `A file of something else is refused and stays as it is`() throws {
        let other = "kind,whale_id\nmerge,w1\n"
        try AtomicFile.write(other, to: file)
        #expect(throws: FileError.self) { try DecisionLog(self.file) }
        #expect(try text() == other)
        #expect(try !DecisionLog.isLog(file))
    }

    @Test func `Columns that somebody added stay, and their cells of new rows are empty`() throws {
        let log = try DecisionLog(file)
        try log.append(Self.decision("1"))
        let lines = try text().split(separator: "\n")
        try AtomicFile.write("note,\(lines[0])\n\"see, page 3\",\(lines[1])\n", to: file)
        let edited = try DecisionLog(file)
        try edited.append(Self.decision("2"))
        #expect(edited.contents().decisions == [Self.decision("1"), Self.decision("2")])
        #expect(try CSVTable.read(file).rows.map { $0[0] } == ["see, page 3", ""])
        #expect(try DecisionLog.isLog(file))
    }

    @Test func `A header that was cut off is followed by a whole one`() throws {
        try AtomicFile.write("decision_id,ti", to: file)
        let log = try DecisionLog(file)
        try log.append(Self.decision("1"))
        let read = try DecisionLog(file)
        #expect(read.contents().decisions.map(\.id) == ["1"] && read.problems.count == 1)
    }

    @Test func `What asks the same has the same subject`() {
        func question(
            _ source: PairQuestion.Source, _ query: String, _ own: String?, _ image: String, _ whale: String?
        ) -> PairQuestion {
            PairQuestion(source: source, queryImageID: query, queryWhaleID: own, imageID: image, whaleID: whale)
        }
        #expect(question(.merge, "a", "w2", "b", "w1").subject == question(.merge, "c", "w1", "d", "w2").subject)
        #expect(question(.season, "a", nil, "b", "w1").subject == question(.season, "a", nil, "c", "w1").subject)
        #expect(question(.season, "a", nil, "b", "w1").subject != question(.season, "a", nil, "b", "w2").subject)
        #expect(question(.query, "b", "w", "a", "w").subject == question(.split, "a", "w", "b", "w").subject)
        #expect(!question(.query, "a\nb", "w", "a", "w").isWritable)
    }

    @Test func `The part of a file up to its last whole line stays the same when the file grows`() throws {
        let log = try DecisionLog(file)
        try log.append(Self.decision("1"))
        let size = try text().utf8.count
        try append("2,2026-11-30T10:00:00Z,\"Ann")
        let whole = Data(try text().utf8)
        let part = try DecisionLog.read(whole, path: file.path)
        #expect(part.length == size && part.decisions.map(\.id) == ["1"] && part.problems.count == 0)
        #expect(try DecisionLog.read(whole.prefix(size), path: file.path).decisions == part.decisions)
        #expect(throws: FileError.self) { try DecisionLog.read(Data("a,b\n1,2\n".utf8), path: "x") }
    }
}
