import Basics
import Foundation
import Imaging

/// A folder for each individual, without metadata: `INDIVIDUAL/photo.jpg`, optionally with folders in between, and with
/// folders `train`, `val`, `valid`, `validation` or `test` around the individuals' (``SplitFolders``).
///
/// The folder's name is the individual's, unless it is one of ``NobodyNames``. ``PathPattern``s read viewpoint,
/// date and encounter from the names below it. Otherwise a folder in between names the encounter, without any
/// ``ViewWord``; EXIF gives the day; and an animal's photographs of one day form an encounter. A ``BoxFile`` next to
/// the folders gives the animals' boxes. A photograph's id is its path.
enum FolderReader: LayoutReader {
    static let sought = "folders with photographs"

    /// No file describes this layout.
    static func metadata(in listing: FolderListing) -> [String] { [] }

    /// Whether two folders hold photographs, directly or one level deeper; in a split's folder, two of its folders. A
    /// single folder may hold the images of a layout whose metadata are missing.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    static func fits(_ listing: FolderListing) throws -> Bool {
        func names(in folder: URL) throws -> [String] {
            try FileError.attempt { try FolderListing.names(in: folder) } ?? []
        }
        func holdsPicture(_ names: [String]) -> Bool { names.contains { PictureName($0) == .readable } }
        func isIndividual(_ folder: URL) throws -> Bool {
            let inner = try names(in: folder)
            return try holdsPicture(inner)
                || inner.contains { holdsPicture(try names(in: folder.appending(path: $0))) }
        }
        // The same animal may be in several splits, and so may a folder 'images' of another layout.
        var individuals: Set<String> = []
        for name in listing.names where individuals.count < 2 {
            let folder = listing.directory.appending(path: name)
            guard SplitFolders.isSplit(name) else {
                if try isIndividual(folder) { individuals.insert(name) }
                continue
            }
            let inner = try names(in: folder)
            if holdsPicture(inner) { individuals.insert(name) }
            for name in inner where individuals.count < 2 {
                if try isIndividual(folder.appending(path: name)) { individuals.insert(name) }
            }
        }
        return individuals.count > 1
    }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        let tree = try PictureTree(folder.directory, links: folder.links)
        for path in tree.unreadable {
            records.add(
                problem: "pictures of this type cannot be read", remedy: "Save it as JPEG, PNG, WebP, TIFF or HEIC.",
                at: .init(path: folder.directory.appending(path: path).path, line: nil))
        }
        records.notes = tree.notes(besides: folder.boxFile)
        let (photographs, boxNotes) = try photographs(tree, folder)
        records.notes += boxNotes
        let splits = SplitFolders(tree.pictures)
        for photograph in photographs {
            _ = records.animal(PicturePath(photograph.path, splits: splits).animal)
            records.add(
                photograph, at: .init(path: folder.directory.appending(path: photograph.path).path, line: nil))
        }
    }

    /// The photographs of a tree with everything read from names, EXIF and boxes, and notes on the boxes.
    ///
    /// - Throws: ``FileError``, ``PathPatternError``.
    static func photographs(
        _ tree: PictureTree, _ folder: CatalogFolder
    ) throws -> (photographs: [Photograph], notes: [String]) {
        let splits = SplitFolders(tree.pictures)
        let places = tree.pictures.map { PicturePath($0, splits: splits) }
        let matcher = try PathMatcher(folder.patterns.patterns(for: places))
        let boxes = try folder.boxFile.map { try BoxFile(tree.directory.appending(path: $0), pictures: tree.pictures) }
        let photographs = try zip(tree.pictures, places).map { path, place in
            let reading = matcher.reading(of: place.below)
            let whale = folder.nobody.animal(place.animal)
            let isDay = reading.date?.isDay == true
            let file = tree.directory.appending(path: path)
            let head = isDay && boxes == nil ? nil : try FileError.attempt { try PictureHead(at: file) }
            let time = isDay ? reading.date : try exifTime(of: head, within: reading.date)
            // Two animals may each have an encounter '2020' without having met.
            let named = reading.encounter ?? place.encounter
            let animal = try head.flatMap { try boxes?.place(ofPictureAt: path, $0.picture) }
            return Photograph(
                id: path, path: path, box: animal?.box, theta: animal?.theta ?? 0, outline: animal?.outline,
                viewpoint: reading.viewpoint ?? .unknown, date: time?.date, timestamp: time?.timestamp, whaleID: whale,
                encounterID: named.map { place.animal.isEmpty ? $0 : "\(place.animal)/\($0)" }
                    ?? time?.encounter(of: whale),
                split: place.split)
        }
        return (photographs, boxes?.notes ?? [])
    }

    /// The EXIF time of a photograph if it is in the month given by the name; otherwise that month.
    private static func exifTime(
        of head: PictureHead?, within month: CaptureTime?
    ) throws -> CaptureTime? {
        guard let text = try head?.captureTime(),
            let time = CaptureTime(text) ?? CaptureTime(String(text.prefix("YYYY:MM:DD".count))),
            month.map({ time.date.hasPrefix($0.date) }) != false
        else { return month }
        return time
    }
}
