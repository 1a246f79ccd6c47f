import Basics
import Catalog
import Digests
import Foundation

/// A catalogue's description in Croissant, and the table of its photographs, for publishing them together.
///
/// `metadata.csv` is in the competition's layout, whatever the catalogue's own; two more columns have the size and the
/// SHA-256 of each photograph. Once the photographs lie next to it under their paths, the folder is a dataset that
/// Croissant's readers load, and a catalogue that Whalebook reads.
///
/// Source: Croissant Format Specification 1.0, MLCommons, 2024.
public struct CroissantMetadata {
    /// The origin of a catalogue.
    public struct Origin: Sendable {
        /// The licence's name or address.
        public var licence: String
        /// How to cite it.
        public var credit: String?
        /// The page that describes it.
        public var page: String?

        /// Creates an origin.
        public init(licence: String, credit: String? = nil, page: String? = nil) {
            self.licence = licence
            self.credit = credit
            self.page = page
        }
    }

    private let catalog: Catalog
    private let digests: [String: String]
    private let origin: Origin?

    /// Describes a catalogue.
    ///
    /// - Parameters:
    ///   - catalog: The photographs.
    ///   - digests: The SHA-256 of each photograph's file, by its id; a photograph that cannot be read has none.
    ///   - origin: Where the photographs are from; nil if that is unknown.
    public init(_ catalog: Catalog, digests: [String: String], origin: Origin?) {
        self.catalog = catalog
        self.digests = digests
        self.origin = origin
    }

    /// The description and the table.
    public var files: [ExportFile] {
        let table = Data(self.table.utf8)
        return [
            ExportFile(ExportForm.croissant.rawValue, "croissant.json", contents: Data(description(table).text.utf8)),
            ExportFile(ExportForm.croissant.rawValue, "metadata.csv", contents: table),
        ]
    }

    // MARK: The table

    /// The columns of the table that the catalogue's own lacks.
    private static let added = ["bytes", "sha256"]

    private var table: String {
        let form = catalog.metadataForm
        return CSVTable.text(
            header: form.columns + Self.added,
            rows: catalog.photographs.lazy.map { photograph in
                let values = try? FileManager.default.attributesOfItem(
                    atPath: catalog.file(of: photograph).url.resolvingSymlinksInPath().path)
                let bytes = (values?[.size] as? NSNumber).map(\.stringValue)
                return form.cells(photograph) + [bytes ?? "", digests[photograph.id] ?? ""]
            })
    }

    // MARK: The description

    private func description(_ table: Data) -> JSONValue {
        let animals = NumberText.counted(catalog.whales.count, "animal", "animals")
        let photographs = NumberText.counted(catalog.photographs.count, "photograph", "photographs")
        var members: [String: JSONValue] = [
            "@context": Self.context, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": .string(catalog.directory.lastPathComponent),
            "description": .string("\(photographs) of \(animals), for re-identification of individuals."),
            "distribution": [tableFile(table), pictures], "recordSet": [records],
        ]
        if let origin {
            members["license"] = .string(origin.licence)
            members["citeAs"] = origin.credit.map(JSONValue.string)
            members["url"] = origin.page.map(JSONValue.string)
        }
        return .object(members)
    }

    private func tableFile(_ table: Data) -> JSONValue {
        [
            "@type": "cr:FileObject", "@id": "metadata.csv", "name": "metadata.csv",
            "description": "A row for each photograph.", "contentUrl": "metadata.csv", "encodingFormat": "text/csv",
            "contentSize": .string("\(table.count) B"), "sha256": .string(Digest.of(table)),
        ]
    }

    /// The formats of pictures by the ending of a file's name.
    private static let formats = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "tif": "image/tiff",
        "tiff": "image/tiff", "heic": "image/heic", "heif": "image/heif",
    ]

    private var pictures: JSONValue {
        let paths = catalog.photographs.map(\.path)
        let endings = Set(paths.map { URL(filePath: $0).pathExtension }).sorted()
        let hasOwn = paths.contains { !$0.contains("/") }, hasFolders = paths.contains { $0.contains("/") }
        let includes = endings.flatMap { ending -> [String] in
            let name = ending.isEmpty ? "*" : "*.\(ending)"
            return (hasOwn ? [name] : []) + (hasFolders ? ["**/\(name)"] : [])
        }
        let formats = Set(endings.map { Self.formats[$0.lowercased()] ?? "application/octet-stream" }).sorted()
        return [
            "@type": "cr:FileSet", "@id": "pictures", "name": "pictures",
            "description": "The photographs, which metadata.csv names by their paths.",
            "encodingFormat": Self.oneOrMany(formats), "includes": Self.oneOrMany(includes),
        ]
    }

    private static func oneOrMany(_ texts: [String]) -> JSONValue {
        texts.count == 1 ? .string(texts[0]) : .array(texts.map(JSONValue.string))
    }

    private var records: JSONValue {
        let fields = (catalog.metadataForm.columns + Self.added).map { column -> JSONValue in
            let (type, meaning) = Self.meanings[column] ?? ("sc:Text", column)
            return [
                "@type": "cr:Field", "@id": .string("photographs/\(column)"), "name": .string(column),
                "description": .string(meaning), "dataType": .string(type),
                "source": ["fileObject": ["@id": "metadata.csv"], "extract": ["column": .string(column)]],
            ]
        }
        return [
            "@type": "cr:RecordSet", "@id": "photographs", "name": "photographs",
            "description": "The photographs and what is known of each.", "key": ["@id": "photographs/image_id"],
            "field": .array(fields),
        ]
    }

    /// The type and the meaning of each column.
    private static let meanings: [String: (type: String, meaning: String)] = [
        "image_id": ("sc:Text", "The photograph's id."),
        "path": ("sc:Text", "The picture's path, relative to this folder; several photographs can share one picture."),
        "height": ("sc:Integer", "Rows of the picture; empty if unknown."),
        "width": ("sc:Integer", "Columns of the picture; empty if unknown."),
        "viewpoint": ("sc:Text", "The side from which the animal was photographed."),
        "date": ("sc:Text", "YYYY-MM-DD, or only YYYY-MM or YYYY; empty if unknown."),
        "timestamp": ("sc:Text", "YYYY-MM-DD HH:MM:SS in local time; empty if unknown."),
        "whale_id": ("sc:Text", "The animal; empty if unnamed."),
        "encounter_id": ("sc:Text", "The sighting in which the photograph was taken; empty if unknown."),
        "bbox": ("sc:Text", "The part of the picture that shows the animal: [x, y, width, height] in pixels."),
        "theta": ("sc:Float", "The turn of the box about its centre in radians, clockwise."),
        "segmentation": ("sc:Text", "The animal's outline in COCO's form."),
        "split": ("sc:Text", "The publisher's part of the data."),
        "bytes": ("sc:Integer", "The size of the picture's file."),
        "sha256": ("sc:Text", "The SHA-256 of the picture's file."),
    ]

    /// The context that the specification prescribes.
    private static let context: JSONValue = [
        "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
        "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/", "data": ["@id": "cr:data", "@type": "@json"],
        "dataType": ["@id": "cr:dataType", "@type": "@vocab"], "dct": "http://purl.org/dc/terms/",
        "equivalentProperty": "cr:equivalentProperty", "examples": ["@id": "cr:examples", "@type": "@json"],
        "extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty",
        "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
        "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5",
        "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
        "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
        "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
        "transform": "cr:transform", "samplingRate": "cr:samplingRate",
    ]
}
