import Basics
import Foundation

/// Names that are likely wrong: two that are likely one animal, or one that is likely two; a row of `suspects.csv`.
///
/// A curator writes into the column `decision`; see ``Decision``.
public struct IdentitySuspect: Sendable, Equatable {
    /// What would mend it.
    public enum Kind: String, Sendable, CaseIterable {
        /// The two names become one.
        case merge
        /// Some photographs of the name get another.
        case split
    }

    /// What a curator says of it.
    public enum Decision: String, Sendable, CaseIterable {
        /// Nobody has looked.
        case undecided = ""
        /// It is as suspected.
        case accept
        /// The names are right.
        case reject
    }

    public let kind: Kind
    public let whaleID: String
    /// The other animal; of a split the name for the photographs that part.
    public let otherWhaleID: String
    /// The photographs that part; of a merge the two that are most alike.
    public let imageIDs: [String]
    /// From 0 to 1; the share of photographs that speak for it, in the part where they are fewer.
    public let score: Double
    /// What speaks for it, in words.
    public let evidence: String
    public let decision: Decision

    /// Describes a suspicion.
    public init(
        kind: Kind, whaleID: String, otherWhaleID: String, imageIDs: [String], score: Double, evidence: String,
        decision: Decision = .undecided
    ) {
        self.kind = kind
        self.whaleID = whaleID
        self.otherWhaleID = otherWhaleID
        self.imageIDs = imageIDs
        self.score = score
        self.evidence = evidence
        self.decision = decision
    }

    static let columns = ["kind", "whale_id", "other_whale_id", "image_ids", "score", "evidence", "decision"]
    /// Between image_ids.
    private static let separator = ";"

    /// Reads `suspects.csv`, each row with its line.
    ///
    /// - Throws: ``FileError``, also for a kind or a decision that does not exist.
    public static func read(_ url: URL) throws -> [(line: Int, suspect: IdentitySuspect)] {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return try table.rows.enumerated().map { row, cells in
            let cell = column.map { SpreadsheetText.plain(cells[$0]) }
            let line = table.line(ofRow: row)
            func malformed(_ problem: String, _ known: [String]) -> FileError {
                .malformed(
                    path: table.path, line: line, problem: problem,
                    remedy: "Write one of: \(known.listed()).")
            }
            guard let kind = Kind(rawValue: cell[0]) else {
                throw malformed("there is no kind \(quoted: cell[0])", Kind.allCases.map(\.rawValue))
            }
            guard let decision = Decision(rawValue: cell[6].lowercased().trimmingCharacters(in: .whitespaces)) else {
                let known = Decision.allCases.map { $0.rawValue.isEmpty ? "nothing" : $0.rawValue }
                throw malformed("the decision \(quoted: cell[6]) is none", known)
            }
            guard let score = Double(cell[4]) else {
                throw malformed("the score \(quoted: cell[4]) is no number", ["a number from 0 to 1"])
            }
            return (
                line,
                IdentitySuspect(
                    kind: kind, whaleID: cell[1], otherWhaleID: cell[2],
                    imageIDs: cells[column[3]].components(separatedBy: separator).filter { !$0.isEmpty }
                        .map(SpreadsheetText.plain), score: score,
                    evidence: cell[5], decision: decision)
            )
        }
    }

    /// Writes `suspects.csv`, which people open in a spreadsheet; see ``SpreadsheetText``.
    public static func write(_ suspects: [IdentitySuspect], to url: URL) throws {
        let rows = suspects.map { suspect -> [String] in
            let names = [suspect.whaleID, suspect.otherWhaleID].map(SpreadsheetText.harmless)
            // Each by itself: where the separator parts columns, an image_id is a cell of its own.
            let images = suspect.imageIDs.map(SpreadsheetText.harmless).joined(separator: separator)
            let evidence = SpreadsheetText.harmless(suspect.evidence)
            return [suspect.kind.rawValue] + names + [images, "\(suspect.score)", evidence, suspect.decision.rawValue]
        }
        try AtomicFile.write(CSVTable.text(header: columns, rows: rows), to: url)
    }
}
