import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results
import Retrieval

/// Ranks a folder's scenarios by any embeddings, outside the workflow; it needs no labels.
public struct FolderSearch: Sendable {
    /// The range of photographs returned for a query, which the competition limits.
    public static let counts = 1...AveragePrecision.limit

    private let embeddings: URL
    private let data: DataSettings
    private let count: Int
    private let plan: SearchPlan

    /// Creates a task.
    ///
    /// - Parameters:
    ///   - embeddings: An `.npy` file with a row for each photograph of the folder.
    ///   - data: The folder, by its absolute path.
    ///   - count: The number of photographs to return for a query, one of ``counts``.
    ///   - augment: `neighbours:alpha` of a database augmentation, which comes before every expansion.
    ///   - expand: Steps such as `alpha-qe:3:3`, in order.
    ///   - rerank: The re-ranking, such as `k-reciprocal:20:6:0.3` or `power:7`.
    /// - Throws: ``RetrievalError/badStep(text:problem:)``, ``RetrievalError/badReRanking(text:problem:)``,
    ///   ``WorkflowError/tooManyAnswers(count:limit:)``.
    public init(
        embeddings: URL, data: DataSettings, count: Int, augment: String?, expand: [String],
        rerank: String? = nil
    ) throws {
        guard Self.counts.contains(count) else {
            throw WorkflowError.tooManyAnswers(count: count, limit: AveragePrecision.limit)
        }
        self.embeddings = embeddings
        self.data = data
        self.count = count
        let first = try augment.map { text in
            try ExpansionStep(parsing: "\(ExpansionStep.Kind.databaseAugmentation.rawValue):\(text)")
        }
        plan = SearchPlan(
            steps: [first].compactMap(\.self) + (try expand.map(ExpansionStep.init(parsing:))),
            reRanking: try rerank.map(ReRanking.init(parsing:)))
    }

    /// Writes the competition's `submission.csv`; overwrites an earlier submission, but no other file.
    ///
    /// - Returns: The number of ranked queries.
    /// - Throws: ``WorkflowError/noScenarioFiles(_:)``,
    ///   ``WorkflowError/rowsDiffer(embeddings:rows:data:photographs:)``, ``WorkflowError/notOurs(path:kind:)``,
    ///   ``CatalogError``, ``FileError``, ``RetrievalError``.
    public func write(to output: URL) throws -> Int {
        try OutputFile.requireFree(output, orTableOf: Submission.columns, kind: "submission")
        let catalog = try data.catalog()
        guard ScenarioFiles.exist(in: catalog.directory) else { throw WorkflowError.noScenarioFiles(data.folder) }
        let rankings = try Rankings(
            ScenarioFiles.read(catalog), in: .read(embeddings, of: catalog), by: plan, count: count, whales: [:],
            embeddingsPath: embeddings.path)
        try rankings.submission().write(to: output)
        return rankings.queries.count
    }
}

/// The list of names that may be wrong, next to the reports, for a curator to fill in.
public enum SuspectList: Equatable, Sendable {
    /// The list of the current run.
    case written(URL)
    /// A list with decisions, which is not changed; `newer` is the current run's.
    case kept(URL, newer: URL)
}

extension Project {
    /// Copies the current run's `suspects.csv` into a folder, unless it has one with decisions or another file there.
    ///
    /// If there are several searches, one for each seed and fold, it copies the first, as reports do.
    ///
    /// - Returns: The list in the folder; nil if there are no suspects and nothing was written.
    /// - Throws: ``FileError``, ``WorkflowError/notRun(node:reason:)``.
    public func layOutSuspects(in folder: URL) async throws -> SuspectList? {
        guard let newer = try await paths(of: .suspects).first else { return nil }
        let suspects = try SuspectTable.read(newer).map(\.suspect)
        let file = folder.appending(path: newer.lastPathComponent)
        if FileManager.default.fileExists(atPath: file.path) {
            let present = try FileError.attempt { try SuspectTable.read(file).map(\.suspect) }
            guard let present, present.allSatisfy({ $0.decision == .undecided }) else {
                return .kept(file, newer: newer)
            }
        } else if suspects.isEmpty {
            return nil
        }
        try SuspectTable.write(suspects, to: file)
        return .written(file)
    }
}

/// A check that a command overwrites only a file of the kind that it writes itself.
enum OutputFile {
    /// Checks that there is no file, or an earlier list with these columns.
    ///
    /// - Throws: ``WorkflowError/notOurs(path:kind:)``.
    static func requireFree(_ url: URL, orTableOf columns: [String], kind: String) throws {
        let head = Data(CSVTable.text(header: columns, rows: []).utf8)
        try requireFree(url, orBeginningWith: [head, head.dropLast() + Data("\r\n".utf8)], kind: kind)
    }

    /// Checks that there is no file, or one that begins with one of some byte sequences.
    ///
    /// - Throws: ``WorkflowError/notOurs(path:kind:)``; ``FileError`` if too many files are open.
    static func requireFree(_ url: URL, orBeginningWith beginnings: [Data], kind: String) throws {
        var status = stat()
        guard lstat(url.path, &status) == 0 else { return }
        let length = beginnings.map(\.count).max() ?? 0
        let head = try FileError.attempt { try RegularFile.head(of: url.path, count: length) } ?? Data()
        // Overwriting an empty file loses nothing.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 || beginnings.contains(where: head.starts) else {
            throw WorkflowError.notOurs(path: url.path, kind: kind)
        }
    }
}
