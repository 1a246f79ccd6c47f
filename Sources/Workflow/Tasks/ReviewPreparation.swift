import Algorithms
import Basics
import Catalog
import Evaluation
import Foundation
import Results
import Review

/// Collects the pairs of photographs that a person should look at.
public struct ReviewPreparation: Sendable {
    /// What to collect.
    public struct Choice: Sendable {
        /// The result of `identify --json` on a season's photographs.
        public var season: URL?
        /// Whether the names that the search finds suspect are included.
        public var suspects = true
        /// The number of failed queries, the worst first.
        public var worst = 30
        /// The number of animals shown for each photograph.
        public var candidates = 5
        /// Candidates are from this place.
        public var place: String?
        /// Candidates are from this year.
        public var year: Int?

        /// Everything but a season.
        public init() {}
    }

    /// What a page needs.
    public struct Prepared: Sendable {
        public let queue: ReviewQueue
        public let photographs: ReviewPhotographs
        /// What was left out, and why.
        public let notes: [String]
    }

    private let project: Project
    private let choice: Choice

    /// Creates a task.
    public init(_ project: Project, _ choice: Choice) {
        (self.project, self.choice) = (project, choice)
    }

    /// Reads the project's current results; those that are missing are left out with a note.
    ///
    /// - Throws: `CatalogError`, `FileError`.
    public func prepared() async throws -> Prepared {
        let catalog = try project.configuration.resolvedData.catalog()
        let places = try PlaceColumn.places(in: catalog)
        var notes: [String] = []
        if let place = choice.place, !places.values.contains(place) {
            notes.append("no photograph of the catalogue has the place \(quoted: place)")
        }
        let season = try choice.season.map { try SeasonFile($0) }
        let photographs = ReviewPhotographs(catalog, places: places, new: season?.photographs ?? [])
        var pairs = season?.pairs(photographs, candidates: choice.candidates, fits: fits) ?? []
        let marks = try await marks(&notes)
        do {
            if choice.suspects { pairs += try await suspectPairs(catalog, photographs, marks) }
        } catch let error as WorkflowError {
            notes.append("without suspect names: \(error)")
        }
        do {
            if choice.worst > 0 { pairs += try await queryPairs(photographs, marks) }
        } catch let error as WorkflowError {
            notes.append("without failed queries: \(error)")
        }
        let queue = ReviewQueue(pairs)
        if queue.unwritable > 0 {
            let names = NumberText.counted(queue.unwritable, "pair is", "pairs are")
            notes.append("\(names) left out, because a name has a line break")
        }
        return Prepared(queue: queue, photographs: photographs, notes: notes)
    }

    private func fits(_ photograph: ReviewPhotograph?) -> Bool {
        guard let photograph else { return false }
        return (choice.place == nil || photograph.place == choice.place)
            && (choice.year == nil || photograph.year == choice.year.map(String.init))
    }

    // MARK: Suspect names

    private func suspectPairs(
        _ catalog: Catalog, _ photographs: ReviewPhotographs, _ marks: PairMarks
    ) async throws -> [ReviewPair] {
        let inspector = try await project.inspector(of: [.search])
        guard let node = inspector.graph.nodes.first(where: { $0.stage == .search }) else { return [] }
        let suspects = try SearchFiles.suspects.read(in: project.results(of: node, inspector))
        return suspects.compactMap { suspect in
            guard let question = PairQuestion(suspect, in: catalog) else { return nil }
            let names = [suspect.whaleID, suspect.otherWhaleID].map { photographs.count(of: $0) }
            return ReviewPair(
                question: question, evidence: suspect.evidence.capitalisingFirst + ".",
                photographs: suspect.kind == .merge ? names.min() ?? 0 : suspect.imageIDs.count,
                marks: marks.of(question.queryImageID, question.imageID))
        }
    }

    // MARK: Failed queries

    private func queryPairs(_ photographs: ReviewPhotographs, _ marks: PairMarks) async throws -> [ReviewPair] {
        let inspector = try await project.inspector(of: [.evaluate])
        guard let node = inspector.graph.nodes.first(where: { $0.stage == .expand }) else { return [] }
        let rows = try EvaluateFiles.queries.read(in: project.results(of: Node(.evaluate), inspector))
        let expanded = try project.results(of: node, inspector)
        let rankings = try ExpandFiles.neighbours.read(in: expanded)
        let ranks = try ExpandFiles.ranks.read(in: expanded).byQuery
        let answers = Dictionary(rankings.queries.map { ($0.id, $0.answers) }) { first, _ in first }
        let worst = rows.worstFirst(ranks).filter { $0.averagePrecision < 1 }.uniqued(on: \.imageID)
        return worst.prefix(choice.worst).flatMap { self.pairs($0, answers[$0.id] ?? [], photographs, marks) }
    }

    private func pairs(
        _ row: QueryRow, _ answers: [Rankings.Answer], _ photographs: ReviewPhotographs, _ marks: PairMarks
    ) -> [ReviewPair] {
        let ranked = answers.enumerated().filter { fits(photographs[$0.element.imageID]) }
        let name = photographs[row.imageID]?.whaleID
        // The nearest photograph of each animal, first of the others and then of its own.
        let nearest = ranked.uniqued { photographs[$0.element.imageID]?.whaleID ?? $0.element.imageID }
        let wrong = nearest.filter { photographs[$0.element.imageID]?.whaleID != name }.prefix(choice.candidates)
        let own = nearest.filter { $0.offset > 0 && photographs[$0.element.imageID]?.whaleID == name }.prefix(1)
        let cause = FailureCause(rawValue: row.cause)?.title
        return (wrong + own).enumerated().map { place, answer in
            var evidence =
                "Rank \(answer.offset + 1), score \(NumberText.fixed(Double(answer.element.score), 3)), for a query "
                + "whose average precision is \(NumberText.fixed(row.averagePrecision, 2))"
            if let cause { evidence += "; possible cause: \(cause)" }
            return ReviewPair(
                question: PairQuestion(
                    source: .query, queryImageID: row.imageID, queryWhaleID: name, imageID: answer.element.imageID,
                    whaleID: photographs[answer.element.imageID]?.whaleID),
                rank: place + 1, evidence: evidence + ".", cause: cause,
                marks: marks.of(row.imageID, answer.element.imageID))
        }
    }

    // MARK: Matched marks

    /// The matched marks that `explain` kept.
    private struct PairMarks {
        struct Key: Hashable {
            let query: String
            let candidate: String
        }

        var all: [Key: [ReviewMark]] = [:]

        /// The marks of a pair in either order; nil if none were matched.
        func of(_ query: String, _ candidate: String) -> [ReviewMark]? {
            all[Key(query: query, candidate: candidate)]
                ?? all[Key(query: candidate, candidate: query)]?.map {
                    ReviewMark(queryX: $0.x, queryY: $0.y, x: $0.queryX, y: $0.queryY, isExplained: $0.isExplained)
                }
        }
    }

    private func marks(_ notes: inout [String]) async throws -> PairMarks {
        guard project.configuration.match.isOn, choice.suspects || choice.worst > 0 else { return PairMarks() }
        do {
            let inspector = try await project.inspector(of: [.explain])
            guard let node = inspector.graph.nodes.first(where: { $0.stage == .explain }) else { return PairMarks() }
            let folder = try project.results(of: node, inspector)
            guard ExplainFiles.matches.exists(in: folder) else { return PairMarks() }
            let matched = try ExplainFiles.matches.read(in: folder)
            return PairMarks(
                all: Dictionary(grouping: matched) { .init(query: $0.queryImageID, candidate: $0.imageID) }
                    .mapValues { $0.map { ReviewMark($0.match) } })
        } catch let error as WorkflowError {
            notes.append("without matched marks: \(error)")
            return PairMarks()
        }
    }
}

extension ReviewMark {
    fileprivate init(_ match: MarkMatch) {
        self.init(
            queryX: match.query.x, queryY: match.query.y, x: match.database.x, y: match.database.y,
            isExplained: match.isExplained)
    }
}

/// The places of photographs, which the catalogue itself does not keep: a column of `metadata.csv`.
enum PlaceColumn {
    /// The names that the column may have.
    static let names = ["place", "location", "locality", "site"]

    /// The place of each photograph, by image_id; empty without a column.
    ///
    /// - Throws: ``FileError``.
    static func places(in catalog: Catalog) throws -> [String: String] {
        let file = catalog.directory.appending(path: "metadata.csv")
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        let table = try CSVTable.readSheet(file)
        guard let ids = table.header.firstIndex(of: "image_id"),
            let column = table.header.firstIndex(where: { names.contains($0.lowercased()) })
        else { return [:] }
        return Dictionary(table.rows.filter { !$0[column].isEmpty }.map { ($0[ids], $0[column]) }) { first, _ in first }
    }
}
