import Basics
import Catalog
import Foundation
import Options

/// The option `data`: the folder of photographs, how it is laid out where that is to be said, and what names mean.
public struct DataSettings: OptionGroup {
    @Option("The folder, relative to the configuration.", required: true)
    public var folder = "data/sample"
    /// Nil to tell by what lies in the folder.
    @Option("How the folder is laid out: see `data/README.md`; `auto` tells by what lies in it.", or: "auto")
    public var layout: Layout? = nil
    @Option(
        """
        What the names of folders and files mean where they are all there is; the first pattern that matches counts. \
        `auto` takes the patterns that `whalebook init` tries, `[]` none.
        """, silent: true)
    public var patterns = PatternChoice.automatic

    public init() {}

    /// Creates settings.
    public init(folder: String, layout: Layout? = nil, patterns: PatternChoice = .automatic) {
        self.folder = folder
        self.layout = layout
        self.patterns = patterns
    }

    // A folder's name alone stands for the section.
    public var optionKind: OptionKind { .either(.text, .section(declarations)) }

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        if let folder = json.string {
            try self.init(sectionJSON: ["folder": .string(folder)], at: path)
        } else {
            try self.init(sectionJSON: json, at: path)
        }
    }

    public var optionJSON: JSONValue {
        self == DataSettings(folder: folder) ? .string(folder) : sectionJSON
    }

    /// Writes the section without a layout that is not known: fingerprints of unfinished trainings are made of it.
    public func encode(to encoder: any Encoder) throws {
        try JSONValue.object((sectionJSON.object ?? [:]).filter { $0.key != "layout" || layout != nil })
            .encode(to: encoder)
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
