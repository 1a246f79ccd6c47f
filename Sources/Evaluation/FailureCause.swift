import Basics
import Foundation

/// Why the first photograph that was returned is not right, in the order in which causes are told: what needs no network
/// to explain it comes first.
public enum FailureCause: String, Sendable, CaseIterable {
    /// The database has no photograph of the animal.
    case noAnswer = "no-answer"
    /// The first photograph is almost the same picture under another name.
    case nearDuplicate = "near-duplicate"
    /// The names are suspect: of query and first answer as one animal, or of the query's animal as two.
    case suspectLabel = "suspect-label"
    /// No animal in the training has photographs of both the query's view and a right answer's.
    case unseenViews = "unseen-views"
    /// The query is unusually blurred, dark, small or clipped.
    case blurred, dark, tiny, clipped
    /// The database has hardly a photograph of the animal.
    case fewAnswers = "few-answers"
    /// The two animals are taken for each other, both ways.
    case lookAlike = "look-alike"
    /// The first photograph comes up in many lists where it is wrong.
    case hub
    /// None of these.
    case unknown

    /// For people, as a heading.
    public var title: String {
        switch self {
        case .noAnswer: "no answer in the database"
        case .nearDuplicate: "near-duplicate under another name"
        case .suspectLabel: "suspect label"
        case .unseenViews: "views never seen together in training"
        case .blurred: "blurred"
        case .dark: "dark"
        case .tiny: "tiny"
        case .clipped: "clipped"
        case .fewAnswers: "few photographs in the database"
        case .lookAlike: "look-alike, both ways"
        case .hub: "hub"
        case .unknown: "unknown"
        }
    }
}

/// A cause of a miss with what speaks for it: a row of `causes.csv`.
public struct CauseRow: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let cause: FailureCause
    /// 1 for the cause that the query goes by, then the others that hold as well.
    public let order: Int
    /// What speaks for it, in words.
    public let evidence: String

    /// Describes a cause.
    public init(
        scenario: String, queryID: String, imageID: String, cause: FailureCause, order: Int, evidence: String
    ) {
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.cause = cause
        self.order = order
        self.evidence = evidence
    }

    private static let columns = ["scenario", "query_id", "query_image_id", "cause", "order", "evidence"]

    /// Reads `causes.csv`.
    ///
    /// - Throws: ``FileError``, also for a cause that does not exist.
    public static func read(_ url: URL) throws -> [CauseRow] {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return try table.rows.enumerated().map { row, cells in
            guard let cause = FailureCause(rawValue: cells[column[3]]), let order = Int(cells[column[4]]) else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: row), problem: "\(quoted: cells[column[3]]) is no cause",
                    remedy: "Run 'whalebook run evaluate' again.")
            }
            return CauseRow(
                scenario: cells[column[0]], queryID: cells[column[1]], imageID: cells[column[2]], cause: cause,
                order: order, evidence: cells[column[5]])
        }
    }

    /// Writes `causes.csv`.
    public static func write(_ rows: [CauseRow], to url: URL) throws {
        let cells = rows.map {
            [$0.scenario, $0.queryID, $0.imageID, $0.cause.rawValue, String($0.order), $0.evidence]
        }
        try AtomicFile.write(CSVTable.text(header: columns, rows: cells), to: url)
    }
}
