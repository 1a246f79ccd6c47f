import Catalog
import Configuration
import Foundation
import Results

/// What is asked about new photographs.
public struct IdentificationQuestion: Sendable {
    /// By which of its photographs an animal is ranked.
    public enum Rule: String, Sendable, CaseIterable {
        /// The similarity of its nearest photograph.
        case best
        /// The mean similarity of its three nearest photographs, or of all where it has fewer.
        case meanBest3 = "mean-best-3"

        /// How many photographs count at most.
        var counted: Int { self == .best ? 1 : 3 }
    }

    /// Files, in the order asked.
    let photographs: [URL]
    let count: Int
    let rule: Rule
    let viewpoint: Viewpoint?
    let together: Bool

    /// Settles what is asked.
    ///
    /// - Parameters:
    ///   - photographs: Files, and folders of them.
    ///   - count: Animals told of each, at least 1.
    ///   - viewpoint: The side that all photographs show; only photographs of the catalogue from that side, or from one that
    ///     is not known, are compared. Nil compares all.
    ///   - together: Whether the photographs are of one encounter, and so of one animal, and get one answer.
    /// - Throws: ``FileError`` for what is not there.
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

/// What the scenarios of a folder ask.
public enum Questions {
    /// The photograph of each query, by query_id.
    ///
    /// - Parameter data: The folder by its absolute path.
    /// - Throws: ``CatalogError``, ``FileError``, ``WorkflowError/noScenarioFiles(_:)``.
    public static func read(_ data: DataSettings) throws -> [String: String] {
        let catalog = try data.catalog()
        guard ScenarioFiles.exist(in: catalog.directory) else { throw WorkflowError.noScenarioFiles(data.folder) }
        let queries = try ScenarioFiles.read(catalog).flatMap(\.queries)
        return Dictionary(queries.map { ($0.id, $0.imageID) }) { first, _ in first }
    }
}
