import Catalog
import Foundation

/// The option `data`: the folder of photographs, and how it is laid out where that is to be said.
public struct DataSettings: Sendable, Codable, Equatable {
    /// The path as it is written.
    public var folder: String
    /// Nil to tell by what lies in the folder.
    public var layout: Layout?

    /// The word for a layout that is told by what lies in the folder.
    static let automatic = "auto"

    enum CodingKeys: CodingKey { case folder, layout }

    /// Creates settings.
    public init(folder: String, layout: Layout? = nil) {
        self.folder = folder
        self.layout = layout
    }

    /// Reads a folder's name alone, or the section with both.
    public init(from decoder: any Decoder) throws {
        if let folder = try? decoder.singleValueContainer().decode(String.self) {
            self.init(folder: folder)
        } else {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let word = try container.decodeIfPresent(String.self, forKey: .layout)
            self.init(
                folder: try container.decode(String.self, forKey: .folder), layout: word.flatMap(Layout.init(rawValue:))
            )
        }
    }

    /// Reads the catalogue; the folder's path is absolute.
    ///
    /// - Throws: As ``Catalog/read(_:layout:files:)``.
    public func catalog() throws -> Catalog { try Catalog.read(URL(filePath: folder), layout: layout) }
}
