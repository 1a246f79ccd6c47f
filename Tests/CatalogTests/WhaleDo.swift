import Catalog
import Foundation

/// The competition's metadata, where they lie beside the checkout; its images are not there.
enum WhaleDo {
    static let isThere = FileManager.default.fileExists(
        atPath: CompetitionDataTests.folder.appending(path: "metadata.csv").path)

    static func catalog() throws -> Catalog { try Catalog.read(CompetitionDataTests.folder, files: .unchecked) }
}
