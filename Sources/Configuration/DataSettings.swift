import Catalog
import Foundation

/// The option `data`: the folder of photographs, how it is laid out where that is to be said, and what names mean.
public struct DataSettings: Sendable, Codable, Equatable {
    /// The path as it is written.
    public var folder: String
    /// Nil to tell by what lies in the folder.
    public var layout: Layout?
    /// What the names of folders and files mean where they are all there is.
    public var patterns: PatternChoice

    /// The word for a layout that is told by what lies in the folder.
    static let automatic = "auto"

    enum CodingKeys: CodingKey { case folder, layout, patterns }

    /// Creates settings.
    public init(folder: String, layout: Layout? = nil, patterns: PatternChoice = .automatic) {
        self.folder = folder
        self.layout = layout
        self.patterns = patterns
    }

    /// Reads a folder's name alone, or the section.
    public init(from decoder: any Decoder) throws {
        if let folder = try? decoder.singleValueContainer().decode(String.self) {
            self.init(folder: folder)
        } else {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let word = try container.decodeIfPresent(String.self, forKey: .layout)
            self.init(
                folder: try container.decode(String.self, forKey: .folder),
                layout: word.flatMap(Layout.init(rawValue:)),
                patterns: try container.decodeIfPresent(PatternChoice.self, forKey: .patterns) ?? .automatic)
        }
    }

    /// The folder with its layout settled; its path is absolute.
    ///
    /// - Throws: As ``CatalogFolder/init(_:layout:patterns:)``.
    public func catalogFolder() throws -> CatalogFolder {
        try CatalogFolder(URL(filePath: folder), layout: layout, patterns: patterns)
    }

    /// Reads the catalogue; the folder's path is absolute.
    ///
    /// - Throws: As ``Catalog/read(_:files:)``.
    public func catalog() throws -> Catalog { try Catalog.read(catalogFolder()) }
}
