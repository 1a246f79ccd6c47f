import Basics
import Foundation

/// COCO's JSON as Wild Me publishes it on LILA, such as *Beluga ID 2022*: one photograph for each annotation, cropped
/// to its box.
///
/// Files: `annotations/instances_SPLIT.json` with the pictures in `images/SPLIT/`, which are all read; or one JSON file
/// in the folder, next to the pictures. `images`: `id`, `file_name`, and optionally `width`, `height`, `date_captured`
/// (`NA` where unknown). `annotations`: `id`, `image_id`, and optionally `bbox` (`[x, y, width, height]` in pixels of
/// the stored image), `name` (the animal; `____`, `unknown` or nothing if unnamed), `viewpoint` (`up` is read as `top`)
/// and `encounter_id`. Ids are numbers or texts. An image without an annotation is left out.
///
/// A photograph's id is its annotation's, with the prefix `SPLIT/` if several files have annotations. Its split is
/// SPLIT without a trailing year: `train` for `instances_train2022.json`. If the annotation names no encounter, an
/// animal's photographs of one day form one.
///
/// Source: Lin et al., ECCV 2014 (the format); `datasets_wildme.py` of wildlife-datasets 1.0 (how Wild Me uses it).
enum COCOReader: LayoutReader {
    static let sought = "JSON file with images and annotations, here or as annotations/instances_*.json"

    private static let folder = "annotations", prefix = "instances_", suffix = ".json"

    static func metadata(in listing: FolderListing) throws -> [String] {
        let place = listing.directory.appending(path: folder)
        let inner = listing.names.contains(folder) ? try FileError.attempt { try FolderListing(place) } : nil
        let splits = (inner?.names ?? []).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
        if !splits.isEmpty { return splits.map { "\(folder)/\($0)" } }
        return try ForeignJSON.names(in: listing, with: ["annotations"])
    }

    /// Whether any annotation of the files names its animal.
    ///
    /// - Throws: ``FileError``.
    static func namesAnimals(_ files: [String], in directory: URL) throws -> Bool {
        try files.contains { file in
            try ForeignJSON.read(COCOFile.self, from: directory.appending(path: file)).annotations.contains {
                $0.name != nil
            }
        }
    }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        let files = try zip(folder.files, folder.urls).map { name, url in
            (split: split(of: name), path: url.path, content: try ForeignJSON.read(COCOFile.self, from: url))
        }
        let isOne = files.count { !$0.content.annotations.isEmpty } < 2
        for file in files {
            try read(
                file.content, split: file.split, idPrefix: isOne ? "" : file.split.map { $0 + "/" } ?? "",
                path: file.path, into: &records)
        }
    }

    private static func read(
        _ content: COCOFile, split: String?, idPrefix: String, path: String, into records: inout PhotographRecords
    ) throws {
        var images: [COCOFile.ID: COCOFile.Image] = [:]
        for image in content.images {
            guard let first = images.updateValue(image, forKey: image.id) else { continue }
            images[image.id] = first
            records.add(
                problem: "the image id \(image.id.text) occurs twice", remedy: "Give every image its own id.",
                at: .init(path: path, line: nil))
        }
        let name = split.map { $0.trimmingSuffix { $0.isASCII && $0.isNumber } }
        records.reserve(content.annotations.count)
        for annotation in content.annotations {
            let id = idPrefix + annotation.id.text
            let place = PhotographRecords.Place(path: "\(path), annotation \(annotation.id.text)", line: nil)
            guard let image = images[annotation.imageID] else {
                records.add(
                    problem: "there is no image \(annotation.imageID.text)",
                    remedy: "Add it to 'images', or remove the annotation.", at: place)
                continue
            }
            let box = annotation.box.flatMap(PixelBox.init(_:))
            if box == nil, let numbers = annotation.box {
                records.add(
                    problem: "\(numbers) is not a box",
                    remedy: "Write [x, y, width, height] in pixels, larger than 0.",
                    at: place)
            }
            let time = records.time(image.date.flatMap { ["", "NA"].contains($0) ? nil : $0 }, of: id, at: place)
            let whale = NobodyNames.animal(annotation.name)
            let coversAll = box.map { [$0.x, $0.y, $0.width, $0.height] } == [0, 0, image.width, image.height]
            records.add(
                Photograph(
                    id: id, path: (split.map { "images/\($0)/" } ?? "") + image.fileName, height: image.height,
                    width: image.width, box: coversAll ? nil : box,
                    viewpoint: Viewpoint(fromAbove: annotation.viewpoint ?? ""), date: time?.date,
                    timestamp: time?.timestamp, whaleID: whale,
                    encounterID: annotation.encounterID?.text ?? time?.encounter(of: whale), split: name), at: place)
        }
    }

    /// `train2022` for `annotations/instances_train2022.json`; nil for other file names.
    private static func split(of name: String) -> String? {
        let start = "\(folder)/\(prefix)"
        return name.hasPrefix(start) ? String(name.dropFirst(start.count).dropLast(suffix.count)) : nil
    }
}

extension StringProtocol {
    /// The text without trailing characters for which `isTrimmed` is true.
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        var end = endIndex
        while end > startIndex, isTrimmed(self[index(before: end)]) { end = index(before: end) }
        return String(self[..<end])
    }
}
