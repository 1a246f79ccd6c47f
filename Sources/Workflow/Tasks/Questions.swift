import Catalog
import Configuration
import Foundation
import Results

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
