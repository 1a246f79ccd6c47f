import Basics
import Evaluation
import Foundation

/// `suspects.csv`, which a curator opens in a spreadsheet and fills in; see ``SpreadsheetText``.
public enum SuspectTable {
    /// The separator between image_ids.
    private static let separator = ";"

    private static let form = CSVForm<IdentitySuspect>(
        [
            "kind", "whale_id", "other_whale_id", "image_ids", "score", "evidence", "rival_whale_id", "rival_image_id",
            "checked_image_id", "rival_similarity", "kept_image_id", "kept_similarity",
            "rival_marks", "kept_marks", "decision",
        ],
        added: ["rival_whale_id", "rival_image_id"],
        optional: [
            "checked_image_id", "rival_similarity", "kept_image_id", "kept_similarity", "rival_marks", "kept_marks",
        ]
    ) { cells in
        func plain(_ cells: inout CSVCells) -> String { SpreadsheetText.plain(cells.text()) }
        let kind = try cells.choice(of: IdentitySuspect.Kind.self)
        let (whale, other) = (plain(&cells), plain(&cells))
        let images = cells.text().components(separatedBy: separator).filter { !$0.isEmpty }.map(SpreadsheetText.plain)
        let (score, evidence) = (try cells.number(0...1), plain(&cells))
        let (rival, image) = (plain(&cells), plain(&cells))
        let (checked, similarity) = (plain(&cells), try cells.optionalNumber(-2...2))
        let (kept, keptSimilarity) = (plain(&cells), try cells.optionalNumber(-2...2))
        let (marks, keptMarks) = (try cells.optionalInteger(), try cells.optionalInteger())
        let comparison = similarity.map { similarity in
            IdentitySuspect.Comparison(
                imageID: checked, similarity: similarity, kept: keptSimilarity.map { (kept, $0) }, agreeing: marks,
                keptAgreeing: keptMarks)
        }
        return IdentitySuspect(
            kind: kind, whaleID: whale, otherWhaleID: other, imageIDs: images, score: score, evidence: evidence,
            decision: try cells.value("accept, reject or empty") {
                IdentitySuspect.Decision(rawValue: $0.lowercased().trimmingCharacters(in: .whitespaces))
            }, rival: image.isEmpty ? nil : .init(whaleID: rival, imageID: image, comparison: comparison))
    } encode: { suspect in
        let comparison = suspect.rival?.comparison
        // More digits than decide between photographs; fewer than two machines agree on.
        func text(_ cosine: Double?) -> String { cosine.map { "\(($0 * 1e6).rounded() / 1e6)" } ?? "" }
        return [
            suspect.kind.rawValue, SpreadsheetText.harmless(suspect.whaleID),
            SpreadsheetText.harmless(suspect.otherWhaleID),
            // Each image_id alone: a spreadsheet that splits at the separator makes each one a cell.
            suspect.imageIDs.map(SpreadsheetText.harmless).joined(separator: separator), "\(suspect.score)",
            SpreadsheetText.harmless(suspect.evidence), SpreadsheetText.harmless(suspect.rival?.whaleID ?? ""),
            SpreadsheetText.harmless(suspect.rival?.imageID ?? ""),
            SpreadsheetText.harmless(comparison?.imageID ?? ""), text(comparison?.similarity),
            SpreadsheetText.harmless(comparison?.keptImageID ?? ""),
            text(comparison?.keptSimilarity), comparison?.agreeing.map(String.init) ?? "",
            comparison?.keptAgreeing.map(String.init) ?? "", suspect.decision.rawValue,
        ]
    }

    /// Reads a file, each row with its line.
    ///
    /// - Throws: ``FileError``, also for an unknown kind or decision.
    public static func read(_ url: URL) throws -> [(line: Int, suspect: IdentitySuspect)] {
        try form.read(CSVTable.read(url), remedy: "Correct the cell.").map { ($0.line, $0.row) }
    }

    /// Writes a file.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public static func write(_ suspects: [IdentitySuspect], to url: URL) throws { try form.write(suspects, to: url) }

    /// The text of a file.
    public static func text(_ suspects: [IdentitySuspect]) -> String {
        CSVTable.text(header: form.columns, rows: suspects.map(form.cells))
    }
}
