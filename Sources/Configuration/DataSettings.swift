import Basics
import Catalog
import Foundation
import Options

/// The option `data`: the folder of photographs, its layout, and the meaning of names.
public struct DataSettings: OptionGroup {
    @Option("The folder of photographs, relative to the configuration file.", required: true)
    public var folder = "data/sample"
    /// Nil to derive the layout from the folder's files.
    @Option("The folder's layout: see `data/README.md`; `auto` derives it from the folder's files.", or: "auto")
    public var layout: Layout? = nil
    @Option(
        """
        How to read the names of folders and files if there is no table; the first pattern that matches applies. \
        `auto` uses the patterns that `whalebook init` tries, `[]` none.
        """, silent: true)
    public var patterns = PatternChoice.automatic

    public init() {}

    /// Creates settings.
    public init(folder: String, layout: Layout? = nil, patterns: PatternChoice = .automatic) {
        self.folder = folder
        self.layout = layout
        self.patterns = patterns
    }

    // A folder's name alone is short for the section.
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

    /// Writes the section, without `layout` if it is nil: fingerprints of unfinished trainings depend on this form.
    public func encode(to encoder: any Encoder) throws {
        try JSONValue.object((sectionJSON.object ?? [:]).filter { $0.key != "layout" || layout != nil })
            .encode(to: encoder)
    }

    /// The folder with its layout resolved; its path is absolute.
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
