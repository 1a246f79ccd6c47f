import Basics
import Foundation

/// COCO's JSON as Wild Me publishes it on LILA, such as *Beluga ID 2022*, as Wildbook, CVAT and Roboflow export it, or
/// made otherwise: one photograph for each annotation, cropped to its box.
///
/// Files, of which the first kind found is read: `annotations/instances_SPLIT.json`; any JSON in `annotations/`; JSON in
/// the folder; `SPLIT/_annotations.coco.json` and any JSON like it, where SPLIT is `train`, `valid`, `test` and so on.
/// Pictures are in the first of these places that has them: `images/SPLIT/`, `images/`, `SPLIT/`, the folder; or next to
/// the JSON file in SPLIT.
///
/// `images`: `id`, `file_name`, and optionally `width`, `height`, `date_captured` (`NA` or 0 where unknown).
/// `annotations`: `id`, `image_id`, and optionally `bbox` (`[x, y, width, height]` in pixels of the stored image, or of
/// the displayed image if `width` and `height` fit only that), `name` or one of `individual_ids` (the animal; one of
/// ``NobodyNames`` or nothing if unnamed), `viewpoint` (`up` is read as `top`), `orientation` (the animal's ``Heading``)
/// and `encounter_id`. Ids and names are
/// numbers or texts. If no annotation identifies an animal, and they have several of the `categories`, the categories are
/// the animals, as in Roboflow and CVAT. An image without an annotation is left out. Wildbook's `theta` turns the box
/// about its centre, in radians, clockwise; `segmentation` is the animal's ``Outline``.
///
/// A photograph's id is its annotation's, with the prefix `SPLIT/` if several files have annotations. Its split is
/// SPLIT without a trailing year: `train` for `instances_train2022.json`; CVAT's `default` is none. If the annotation
/// names no encounter, an animal's photographs of one day form one.
///
/// Source: Lin et al., ECCV 2014 (the format); `datasets_wildme.py` of wildlife-datasets 1.0 (how Wild Me uses it).
enum COCOReader: LayoutReader {
    static let sought = """
        JSON file with images and annotations, here, in a folder annotations, or in folders train, valid and test
        """

    private static let folder = "annotations", prefix = "instances_", suffix = ".json"

    static func metadata(in listing: FolderListing) throws -> [String] {
        func inner(_ name: String) throws -> [String] {
            let place = listing.directory.appending(path: name)
            guard let inner = try FileError.attempt({ try FolderListing(place) }) else { return [] }
            return try ForeignJSON.names(in: inner, with: [folder]).map { "\(name)/\($0)" }
        }
        let annotations = listing.names.contains(folder) ? try inner(folder) : []
        let splits = annotations.filter { $0.hasPrefix("\(folder)/\(prefix)") }
        if !splits.isEmpty { return splits }
        if !annotations.isEmpty { return annotations }
        let own = try ForeignJSON.names(in: listing, with: [folder])
        return try own.isEmpty ? listing.names.filter(SplitFolders.isSplit).flatMap(inner) : own
    }

    /// Whether a metadata file may turn boxes.
    ///
    /// - Throws: ``FileError``.
    static func mayTurnBoxes(_ file: String, in directory: URL) throws -> Bool {
        let data = try FileError.contents(of: directory.appending(path: file), mapped: true)
        return data.range(of: Data("\"theta\"".utf8)) != nil
    }

    /// Whether any annotation of the files identifies its animal, by a name or a category.
    ///
    /// - Throws: ``FileError``.
    static func namesAnimals(_ files: [String], in directory: URL) throws -> Bool {
        let contents = try files.map { try COCOFile(directory.appending(path: $0)) }
        return contents.contains { $0.annotations.contains(where: \.identifies) }
    }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        let files = try zip(folder.files, folder.urls).map { name, url in
            (place: Place(name), path: url.path, content: try COCOFile(url))
        }
        let isOne = files.count { !$0.content.annotations.isEmpty } < 2
        let categories = CategoryNames(files.map(\.content), folder.nobody)
        if let remark = categories.remark { records.remarks.append(remark) }
        for file in files {
            try read(
                file.content, place: file.place, idPrefix: isOne ? "" : file.place.split.map { $0 + "/" } ?? "",
                categories: categories, path: file.path, into: &records)
        }
    }

    /// What a file's path says about its photographs.
    private struct Place {
        /// `train2022` for `annotations/instances_train2022.json`, `train` for `train/_annotations.coco.json`.
        let split: String?
        /// Where pictures may be, each with a slash at the end.
        let folders: [String]

        init(_ name: String) {
            let start = "\(folder)/\(prefix)"
            if name.hasPrefix(start) {
                let split = String(name.dropFirst(start.count).dropLast(suffix.count))
                self.split = split
                folders = ["images/\(split)/", "images/", "\(split)/", "", "\(folder)/"]
            } else if name.hasPrefix(folder + "/") {
                split = nil
                folders = ["images/", "", "\(folder)/"]
            } else if let slash = name.firstIndex(of: "/") {
                split = String(name[..<slash])
                folders = [String(name[...slash]), String(name[...slash]) + "images/", ""]
            } else {
                split = nil
                folders = ["", "images/"]
            }
        }

        /// The part of the data: the split without a year; nil for CVAT's only part.
        var part: String? {
            split.map { $0.trimmingSuffix { $0.isASCII && $0.isNumber } }.flatMap { $0 == "default" ? nil : $0 }
        }
    }

    private static func read(
        _ content: COCOFile, place file: Place, idPrefix: String, categories: CategoryNames, path: String,
        into records: inout PhotographRecords
    ) throws {
        var images: [COCOFile.ID: COCOFile.Image] = [:]
        for image in content.images {
            guard let first = images.updateValue(image, forKey: image.id) else { continue }
            images[image.id] = first
            records.add(
                problem: "the image id \(image.id.text) occurs twice", remedy: "Give every image its own id.",
                at: .init(path: path, line: nil))
        }
        records.reserve(content.annotations.count)
        for (position, annotation) in content.annotations.enumerated() {
            let id = idPrefix + annotation.id.text
            let place = PhotographRecords.Place(path: COCOFile.place(of: annotation, path: path), line: nil)
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
            let theta = records.theta(annotation.theta, of: id, at: place)
            let time = records.time(image.date, of: id, at: place)
            let whale = records.animal(annotation.name ?? categories.name(of: annotation))
            let coversAll = box.map { [$0.x, $0.y, $0.width, $0.height] } == [0, 0, image.width, image.height]
            records.add(
                Photograph(
                    id: id, path: records.located(image.fileName, in: file.folders), height: image.height,
                    width: image.width, box: coversAll && theta == 0 ? nil : box, theta: theta,
                    outline: content.outline(ofAnnotationAt: position, in: image, path: path),
                    heading: records.heading(annotation.orientation),
                    viewpoint: Viewpoint(fromAbove: annotation.viewpoint ?? ""), date: time?.date,
                    timestamp: time?.timestamp, whaleID: whale,
                    encounterID: annotation.encounterID?.text ?? time?.encounter(of: whale), split: file.part),
                at: place)
        }
    }
}

/// The categories of COCO files as names of animals, if nothing else identifies the animals.
private struct CategoryNames {
    private let names: [COCOFile.ID: String]
    /// The categories and their numbers of annotations, for the user; nil if they are not the animals.
    let remark: String?

    /// The words by which detectors call every animal; categories with one of them are not individuals.
    private static let kinds: Set<String> = ["animal", "person", "human", "vehicle", "whale", "object", "fish", "bird"]

    init(_ files: [COCOFile], _ nobody: NobodyNames) {
        let annotations = files.flatMap(\.annotations)
        var names: [COCOFile.ID: String] = [:]
        for category in files.flatMap({ $0.categories ?? [] }) { names[category.id] = category.name.text }
        let used = Dictionary(grouping: annotations.compactMap { $0.category.flatMap { names[$0] } }) { $0 }
        let animals = used.keys.filter { !nobody.contains($0) }.sorted()
        guard animals.count > 1, !annotations.contains(where: \.identifies),
            !animals.contains(where: { Self.kinds.contains($0.lowercased()) })
        else {
            self.names = [:]
            remark = nil
            return
        }
        self.names = names
        let counts = animals.map { "\($0) \(used[$0]?.count ?? 0)" }.listed(5)
        remark =
            "no annotation names an animal, so categories are the animals (\(counts)): "
            + "if they are species, list them in data.nobody"
    }

    func name(of annotation: COCOFile.Annotation) -> String? { annotation.category.flatMap { names[$0] } }
}

extension StringProtocol {
    /// The text without trailing characters for which `isTrimmed` is true.
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        var end = endIndex
        while end > startIndex, isTrimmed(self[index(before: end)]) { end = index(before: end) }
        return String(self[..<end])
    }
}
