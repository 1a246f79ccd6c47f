import Basics
import Digests
import Foundation
import Results

/// The decisions of `whalebook review` that a document shows: those of `decisions.csv` next to the configuration.
public struct ReportDecisions: Sendable, Equatable, Codable {
    /// The length of the part of the file that was read, bytes. Programs only append to the file, so it still begins
    /// with this part when it has grown.
    public let length: Int
    /// The SHA-256 of that part.
    public let digest: String
    /// Each person's last decision about each pair, without what the page showed.
    let decisions: [PairDecision]
    /// The number of lines that cannot be read.
    let unreadable: Int

    /// The lines that cannot be read, in a sentence; nil if there are none.
    var gap: String? {
        guard unreadable > 0 else { return nil }
        let lines = NumberText.counted(unreadable, "line", "lines")
        return "\(lines) of \(DecisionLog.fileName) cannot be read and \(unreadable == 1 ? "does" : "do") not count."
    }

    /// Reads a file, or only its first `length` bytes; nil if there is none, or if it is something else.
    ///
    /// - Throws: ``FileError``.
    public init?(_ file: URL, length: Int? = nil) throws {
        guard FileManager.default.fileExists(atPath: file.path), try DecisionLog.isLog(file) else { return nil }
        let whole = try FileError.contents(of: file, limit: DecisionLog.largestSize)
        let bytes = whole.prefix(length ?? whole.count)
        let part = try DecisionLog.read(Data(bytes), path: file.path)
        self.length = part.length
        digest = Digest.of(Data(bytes.prefix(part.length)))
        decisions = Verdicts.all(part.decisions).flatMap(\.verdicts.latest).map(\.withoutPage)
        unreadable = part.problems.count
    }

    /// The decisions by what they decide.
    var verdicts: [PairQuestion.Subject: Verdicts] {
        Dictionary(Verdicts.all(decisions).map { ($0.subject, $0.verdicts) }) { first, _ in first }
    }
}

extension PairDecision {
    /// The decision without the photographs, the sentence and the time on the page, which no document shows.
    fileprivate var withoutPage: PairDecision {
        PairDecision(
            id: id, time: time, reviewer: reviewer, verdict: verdict, question: question, shownImageIDs: [], shown: "",
            seconds: nil)
    }
}
