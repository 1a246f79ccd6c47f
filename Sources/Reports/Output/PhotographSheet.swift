import Basics
import Catalog
import Drawing
import Foundation
import Imaging

/// Small pictures of the photographs on a document's maps, in one file that a web page loads when it shows the first.
struct PhotographSheet {
    /// Relative to the document.
    let path: String
    let contents: Data
    /// The number of pictures in a row.
    let columns: Int
    /// The photographs in the order of their pictures, row by row.
    let ids: [String]

    /// Width and height of a picture's square, in pixels.
    static let side = 80
    private static let quality = 65
    /// A sheet has at most this many photographs: it stays below 2 MB.
    private static let most = 2500

    /// Makes the sheet of some photographs; nil if there are none.
    ///
    /// - Throws: `ImagingError`, `DrawingError`.
    init?(of ids: [String], in catalog: Catalog, folder: String) throws {
        let ids = Array(ids.prefix(Self.most))
        guard !ids.isEmpty else { return nil }
        self.ids = ids
        path = "\(folder)/thumbnails.jpeg"
        let columns = Int(Double(ids.count).squareRoot().rounded(.up))
        self.columns = columns
        let pictures = parallelMap(ids.count) { place in
            catalog[ids[place]].flatMap { try? Raster.reduced(catalog.file(of: $0), to: Self.side) }
        }
        let rows = (ids.count + columns - 1) / columns
        let sheet = try Canvas.raster(
            width: columns * Self.side, height: rows * Self.side, background: Color(hex: 0xDDE1E6)
        ) { canvas in
            for (place, picture) in pictures.enumerated() {
                guard let picture else { continue }
                let scale = Double(Self.side) / Double(max(picture.width, picture.height))
                let (width, height) = (Double(picture.width) * scale, Double(picture.height) * scale)
                let (x, y) = (Double(place % columns * Self.side), Double(place / columns * Self.side))
                canvas.draw(
                    picture,
                    in: Rect(
                        x: x + (Double(Self.side) - width) / 2, y: y + (Double(Self.side) - height) / 2, width: width,
                        height: height))
            }
        }
        contents = try sheet.jpeg(quality: Self.quality)
    }
}
