import Basics
import Catalog
import Foundation
import Imaging
import Synchronization

/// The photographs that a document links to, as files next to it: readers have the document, but rarely the folder of
/// photographs.
///
/// An enlargement has at most ``longestSide`` pixels along its longer side, and no EXIF. Photographs are enlarged in the
/// order in which the document first names them, until their pixels exceed the limit; later ones have no link. The limit
/// counts pixels and not bytes, so that another version of libjpeg links to the same photographs.
final class PhotographFiles: Sendable {
    /// An enlarged photograph.
    struct Entry: Sendable {
        let id: String
        /// Relative to the document.
        let path: String
        /// The id, the animal, the view and the date.
        let title: String
        fileprivate let file: PhotographFile
        fileprivate let width: Int
        fileprivate let height: Int
    }

    private struct State {
        var entries: [Entry] = []
        /// The place in `entries` by id; nil for a photograph without an enlargement.
        var places: [String: Int?] = [:]
        var pixels = 0
        /// Photographs that have no enlargement because of the limit.
        var leftOut = 0
    }

    static let longestSide = 800
    fileprivate static let quality = 75
    /// What a pixel takes in a JPEG file of this quality, rounded up.
    private static let bytesOfPixel = 0.25

    private let folder: String
    private let mostPixels: Int
    private let state = Mutex(State())

    /// Collects enlargements for a document's `folder`, such as `failures_files`, up to about this many bytes.
    init(folder: String, limit bytes: Double) {
        self.folder = folder
        mostPixels = Int(bytes / Self.bytesOfPixel)
    }

    /// The path of an enlargement, relative to the document; nil if the photograph cannot be read, or if the limit is
    /// reached.
    func path(of id: String, in catalog: Catalog) -> String? {
        state.withLock { state in
            if let known = state.places[id] { return known.map { state.entries[$0].path } }
            guard let photograph = catalog[id], let entry = entry(photograph, file: catalog.file(of: photograph)) else {
                state.places[id] = .some(nil)
                return nil
            }
            guard state.pixels + entry.width * entry.height <= mostPixels else {
                state.places[id] = .some(nil)
                state.leftOut += 1
                return nil
            }
            state.pixels += entry.width * entry.height
            state.places[id] = state.entries.count
            state.entries.append(entry)
            return entry.path
        }
    }

    /// The enlargements so far, in the order of the document.
    var entries: [Entry] { state.withLock(\.entries) }

    /// A sentence on the photographs that have no enlargement because of the limit; nil if there are none, or if the
    /// document has no enlargements at all.
    var note: String? {
        let leftOut = state.withLock(\.leftOut)
        guard leftOut > 0, mostPixels > 0 else { return nil }
        let megabytes = NumberText.shortest(Double(mostPixels) * Self.bytesOfPixel / 1e6)
        return
            "\(NumberText.counted(leftOut, "photograph has", "photographs have")) no enlargement, because those named "
            + "before take the \(megabytes) MB that 'enlargements' allows."
    }

    private func entry(_ photograph: Photograph, file: PhotographFile) -> Entry? {
        guard let size = try? file.storedSize(), size.width > 0, size.height > 0 else { return nil }
        let scale = min(1, Double(Self.longestSide) / Double(max(size.width, size.height)))
        return Entry(
            id: photograph.id, path: "\(folder)/photographs/\(photograph.id.fileStem).jpeg",
            title: photograph.title, file: file,
            width: Int((Double(size.width) * scale).rounded(.up)),
            height: Int((Double(size.height) * scale).rounded(.up)))
    }
}

extension PhotographFiles.Entry {
    /// The file's bytes; grey if the photograph cannot be decoded.
    ///
    /// - Throws: `ImagingError` if there is no memory for the file.
    func contents() throws -> Data {
        let longest = PhotographFiles.longestSide
        guard let raster = try? Raster.decoding(file, atLeast: longest) else {
            return try Raster(width: width, height: height, red: 128, green: 128, blue: 128)
                .jpeg(quality: PhotographFiles.quality)
        }
        let scale = Double(longest) / Double(max(raster.width, raster.height))
        let small =
            scale < 1
            ? raster.resized(
                width: max(1, Int((Double(raster.width) * scale).rounded())),
                height: max(1, Int((Double(raster.height) * scale).rounded()))) : raster
        return try small.jpeg(quality: PhotographFiles.quality)
    }
}

extension Photograph {
    /// The id, the animal, the view and the date, as far as they are known.
    var title: String {
        let view = viewpoint == .unknown ? nil : viewpoint.rawValue
        return [id, whaleID, view, date].compactMap(\.self).joined(separator: ", ")
    }
}
