import Basics
import Catalog
import Foundation
import Options

extension Salvage: OptionChoice {}

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

    @Option(
        """
        The words that stand for an unnamed animal in the metadata and as names of folders, ignoring case. The list \
        replaces the default one, which `auto` in it stands for: `[auto, Stray]` adds a word, `[unknown, NA]` leaves \
        only these, so that an animal may be called None.
        """, silent: true)
    public var nobody = NobodyNames.standard
    @Option(
        """
        The folders outside the folder of photographs that links in it may lead to, such as the cache of DVC, relative \
        to the configuration file. Links to folders are followed only there, and never out of them.
        """, as: .list(.text, allowsEmpty: true), silent: true)
    public var links: [String] = []
    @Option(
        """
        What happens to a JPEG file that ends before its picture does: `off` refuses it, `grey` fills the missing part \
        with grey. `whalebook catalog DIR --salvage grey` reports the missing share of each.
        """, silent: true)
    public var salvage = Salvage.off

    public init() {}

    /// Creates settings.
    public init(
        folder: String, layout: Layout? = nil, patterns: PatternChoice = .automatic,
        nobody: NobodyNames = .standard, links: [String] = [], salvage: Salvage = .off
    ) {
        self.folder = folder
        self.layout = layout
        self.patterns = patterns
        self.nobody = nobody
        self.links = links
        self.salvage = salvage
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

    /// Writes the section, without options added later that have their defaults: fingerprints of unfinished trainings
    /// depend on this form.
    public func encode(to encoder: any Encoder) throws {
        let absent = [
            "layout": layout == nil, "nobody": nobody == .standard, "links": links.isEmpty, "salvage": salvage == .off,
        ]
        try JSONValue.object((sectionJSON.object ?? [:]).filter { absent[$0.key] != true }).encode(to: encoder)
    }

    /// The folder with its layout resolved; its path and those of the links are absolute.
    ///
    /// - Throws: As ``CatalogFolder/init(_:layout:patterns:nobody:links:salvage:)``.
    public func catalogFolder() throws -> CatalogFolder {
        try CatalogFolder(
            URL(filePath: folder), layout: layout, patterns: patterns, nobody: nobody, links: links, salvage: salvage)
    }

    /// Reads the catalogue; the folder's path is absolute.
    ///
    /// - Throws: As ``Catalog/read(_:files:)``.
    public func catalog() throws -> Catalog { try Catalog.read(catalogFolder()) }
}
