import Catalog
import Configuration
import Foundation
import Results

/// A question about new photographs.
public struct IdentificationQuestion: Sendable {
    /// The rule by which animals are ranked.
    public enum Rule: String, Sendable, CaseIterable {
        /// The similarity of its nearest photograph.
        case best
        /// The mean similarity of its three nearest photographs, or of all if it has fewer.
        case meanBest3 = "mean-best-3"

        /// The largest number of photographs that count.
        var counted: Int { self == .best ? 1 : 3 }
    }

    /// The files, in the given order.
    let photographs: [URL]
    let count: Int
    let rule: Rule
    let viewpoint: Viewpoint?
    let together: Bool

    /// Creates a question.
    ///
    /// - Parameters:
    ///   - photographs: Files, and folders of them.
    ///   - count: The number of animals to list for each, at least 1.
    ///   - rule: The rule by which animals are ranked.
    ///   - viewpoint: The side that all photographs show; they are compared only with photographs of the catalogue from
    ///     that side or from an unknown side. Nil compares all.
    ///   - together: Whether the photographs show one animal in one encounter, and get one result.
    /// - Throws: ``FileError`` for a missing file.
    public init(
        photographs: [URL], count: Int, rule: Rule = .best, viewpoint: Viewpoint? = nil, together: Bool = false
    ) throws {
        self.photographs = try NewPhotographs(photographs).urls
        self.count = count
        self.rule = rule
        self.viewpoint = viewpoint
        self.together = together
    }
}

/// The queries of a folder's scenarios.
public enum Questions {
    /// The photograph of each query, by query_id, in a folder given by its absolute path.
    ///
    /// - Throws: ``CatalogError``, ``FileError``, ``WorkflowError/noScenarioFiles(_:)``.
    public static func read(_ data: DataSettings) throws -> [String: String] {
        let catalog = try data.catalog()
        guard ScenarioFiles.exist(in: catalog.directory) else { throw WorkflowError.noScenarioFiles(data.folder) }
        let queries = try ScenarioFiles.read(catalog).flatMap(\.queries)
        return Dictionary(queries.map { ($0.id, $0.imageID) }) { first, _ in first }
    }
}
