import Catalog
import Foundation

/// The competition's metadata without its images, if they are next to the checkout.
enum WhaleDo {
    static let isThere = FileManager.default.fileExists(
        atPath: CompetitionDataTests.folder.appending(path: "metadata.csv").path)

    static func catalog() throws -> Catalog { try Catalog.read(CompetitionDataTests.folder, files: .unchecked) }
}
