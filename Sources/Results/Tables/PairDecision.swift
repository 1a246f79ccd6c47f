import Basics
import Catalog
import Evaluation

/// A person's decision about two photographs: a row of `decisions.csv`.
public struct PairDecision: Sendable, Equatable, Codable {
    /// What the person decided.
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// Both photographs show one animal.
        case same
        /// They show two animals.
        case different
        /// The photographs do not show which.
        case cannotTell = "cannot-tell"
        /// The first photograph shows an animal that the catalogue does not have.
        case new
        /// The first photograph does not show enough to recognise an animal.
        case notUsable = "not-usable"
        /// An earlier decision is taken back.
        case undo
    }

    /// Different for each row.
    public let id: String
    /// When it was made, `YYYY-MM-DDTHH:MM:SSZ`.
    public let time: String
    /// Who made it.
    public let reviewer: String
    public let verdict: Verdict
    public let question: PairQuestion
    /// The photographs that were on the page.
    public let shownImageIDs: [String]
    /// The sentence that the page showed about the pair.
    public let shown: String
    /// How long the pair was on the page, in seconds; nil if unknown.
    public let seconds: Double?
    /// The decision that ``Verdict/undo`` takes back; empty for any other verdict.
    public let undoneID: String

    /// Describes a decision.
    public init(
        id: String, time: String, reviewer: String, verdict: Verdict, question: PairQuestion,
        shownImageIDs: [String], shown: String, seconds: Double?, undoneID: String = ""
    ) {
        self.id = id
        self.time = time
        self.reviewer = reviewer
        self.verdict = verdict
        self.question = question
        self.shownImageIDs = shownImageIDs
        self.shown = shown
        self.seconds = seconds
        self.undoneID = undoneID
    }
}

/// Two photographs that may show one animal.
public struct PairQuestion: Sendable, Hashable, Codable {
    /// Why it is asked.
    public enum Source: String, Sendable, Codable, CaseIterable {
        /// A new photograph and an animal of the catalogue.
        case season
        /// Two names that may be one animal.
        case merge
        /// One name that may be two animals.
        case split
        /// A query and a photograph that ranks high in its search.
        case query
    }

    public let source: Source
    /// The first photograph: its image_id, or the path of a new one.
    public let queryImageID: String
    /// The name of its animal; nil if it has none.
    public let queryWhaleID: String?
    /// The second photograph.
    public let imageID: String
    /// The name of its animal; nil if it has none.
    public let whaleID: String?
    /// The photographs that leave the name if the two are different animals; only of ``Source/split``.
    public let movedImageIDs: [String]
    /// The probability that both show one animal; nil if unknown.
    public let probability: Double?

    /// Describes a pair.
    public init(
        source: Source, queryImageID: String, queryWhaleID: String?, imageID: String, whaleID: String?,
        movedImageIDs: [String] = [], probability: Double? = nil
    ) {
        self.source = source
        self.queryImageID = queryImageID
        self.queryWhaleID = queryWhaleID
        self.imageID = imageID
        self.whaleID = whaleID
        self.movedImageIDs = movedImageIDs
        self.probability = probability
    }

    /// What a decision decides, equal for pairs that ask the same.
    public enum Subject: Hashable, Sendable {
        /// Whether two names are one animal, the first by name first.
        case names(String, String)
        /// Whether a photograph shows an animal.
        case animal(String, of: String)
        /// Whether two photographs show one animal, the first by image_id first.
        case photographs(String, String)
    }

    /// What the pair asks; another photograph of the same animal asks no new question.
    public var subject: Subject {
        guard let whaleID, whaleID != queryWhaleID else {
            return .photographs(min(queryImageID, imageID), max(queryImageID, imageID))
        }
        guard source == .merge, let queryWhaleID else { return .animal(whaleID, of: queryImageID) }
        return .names(min(queryWhaleID, whaleID), max(queryWhaleID, whaleID))
    }

    /// What a person decides to accept or reject a suspicion; nil if the catalogue no longer has its photographs.
    public init?(_ suspect: IdentitySuspect, in catalog: Catalog) {
        switch suspect.kind {
        case .merge:
            func first(of whale: String) -> String? { suspect.imageIDs.first { catalog[$0]?.whaleID == whale } }
            guard let kept = first(of: suspect.whaleID), let other = first(of: suspect.otherWhaleID) else { return nil }
            self.init(
                source: .merge, queryImageID: other, queryWhaleID: suspect.otherWhaleID, imageID: kept,
                whaleID: suspect.whaleID)
        case .split:
            guard let moved = suspect.imageIDs.first, let query = catalog[moved] else { return nil }
            let leaving = Set(suspect.imageIDs)
            let staying = catalog.photographs.filter { $0.whaleID == suspect.whaleID && !leaving.contains($0.id) }
            guard let kept = staying.first(where: { $0.viewpoint == query.viewpoint }) ?? staying.first else {
                return nil
            }
            self.init(
                source: .split, queryImageID: moved, queryWhaleID: suspect.whaleID, imageID: kept.id,
                whaleID: suspect.whaleID, movedImageIDs: suspect.imageIDs)
        }
    }

    /// Whether every name can stand in one line of a file.
    public var isWritable: Bool {
        ([queryImageID, imageID, queryWhaleID, whaleID].compactMap(\.self) + movedImageIDs).allSatisfy { name in
            !name.unicodeScalars.contains { $0 == "\n" || $0 == "\r" || $0 == "\0" }
        }
    }
}

extension PairDecision {
    /// The separator between image_ids.
    private static let separator = ";"

    static let form = CSVForm<Self>([
        "decision_id", "time", "reviewer", "decision", "source", "query_image_id", "query_whale_id",
        "database_image_id", "database_whale_id", "moved_image_ids", "probability", "shown_image_ids", "shown",
        "seconds", "undone_id",
    ]) { cells in
        func name(_ cells: inout CSVCells) -> String? {
            let text = cells.text()
            return text.isEmpty ? nil : text
        }
        func ids(_ cells: inout CSVCells) -> [String] {
            cells.text().split(separator: separator).map(String.init)
        }
        let id = try cells.value("an id") { $0.isEmpty ? nil : $0 }
        let (time, reviewer) = (cells.text(), cells.text())
        let verdict = try cells.choice(of: Verdict.self)
        let source = try cells.choice(of: PairQuestion.Source.self)
        let question = PairQuestion(
            source: source, queryImageID: cells.text(), queryWhaleID: name(&cells), imageID: cells.text(),
            whaleID: name(&cells), movedImageIDs: ids(&cells), probability: try cells.optionalNumber(0...1))
        return PairDecision(
            id: id, time: time, reviewer: reviewer, verdict: verdict, question: question, shownImageIDs: ids(&cells),
            shown: cells.text(), seconds: try cells.optionalNumber(0...1e9), undoneID: cells.text())
    } encode: { row in
        func line(_ text: String) -> String { text.replacingScalars(["\n": " ", "\r": " ", "\0": " "]) }
        let question = row.question
        return [
            row.id, row.time, line(row.reviewer), row.verdict.rawValue, question.source.rawValue,
            question.queryImageID, question.queryWhaleID ?? "", question.imageID, question.whaleID ?? "",
            question.movedImageIDs.joined(separator: separator), question.probability.map { "\($0)" } ?? "",
            row.shownImageIDs.joined(separator: separator), line(row.shown),
            row.seconds.map { NumberText.fixed($0, 1) } ?? "", row.undoneID,
        ]
    }
}
