import Basics
import Catalog
import Foundation
import Imaging
import Reports

/// A contact sheet of photographs with boxes or outlines: each displayed picture, next to it what its boxes crop, and
/// the parts that outlines divide, each with the other part painted over.
public struct BoxSheet {
    private let sheet: ContactSheet

    /// The largest number of pictures drawn.
    private static let rows = 12
    /// The largest number of boxes and parts drawn for each picture.
    private static let partsOfPicture = 4

    /// Chooses the pictures: first those whose boxes are the least certain, then some of the whole catalogue.
    ///
    /// - Throws: ``FileError`` if no photograph has a box or an outline.
    public init(_ inspection: CatalogInspection) throws {
        let catalog = inspection.survey.catalog
        let photographs = catalog.photographs
        let boxed = inspection.survey.present.filter {
            photographs[$0].box != nil || photographs[$0].outline != nil
        }
        guard !boxed.isEmpty else {
            throw FileError.malformed(
                path: catalog.directory.path, line: nil, problem: "no photograph has a box or an outline",
                remedy: "Leave out --sheet, or add boxes to the metadata.")
        }
        let origins = inspection.opened?.boxes
        let (assumed, displayed) = (origins?.assumed ?? [], origins?.displayed ?? [])
        let step = max(1, boxed.count / Self.rows)
        let spread = stride(from: 0, to: boxed.count, by: step).map { boxed[$0] }
        let byPath = Dictionary(grouping: boxed) { photographs[$0].path }
        var seen: Set<String> = []
        let chosen = (assumed.prefix(Self.rows / 2) + displayed.prefix(Self.rows / 3) + spread)
            .filter { seen.insert(photographs[$0].path).inserted }.prefix(Self.rows)
        let (isAssumed, isDisplayed) = (Set(assumed), Set(displayed))
        sheet = ContactSheet(
            chosen.map { position in
                let path = photographs[position].path
                let origin =
                    isAssumed.contains(position)
                    ? "EXIF orientation; boxes assumed to be of the stored picture"
                    : isDisplayed.contains(position) ? "EXIF orientation; boxes of the displayed picture" : ""
                return ContactSheet.Row(
                    photograph: catalog.file(of: photographs[position]).url, caption: origin,
                    candidates: Array(
                        byPath[path, default: []].flatMap { Self.parts(of: photographs[$0]) }
                            .prefix(Self.partsOfPicture)))
            }, catalog: catalog,
            headings: ("photograph", boxed.contains { photographs[$0].outline != nil } ? "part" : "box"))
    }

    private static func parts(of photograph: Photograph) -> [ContactSheet.Candidate] {
        func part(_ caption: String, _ painted: PaintedPart? = nil) -> ContactSheet.Candidate {
            .init(id: photograph.id, name: photograph.whaleID ?? "–", caption: caption, painted: painted)
        }
        return (photograph.boxText.map { [part($0)] } ?? [])
            + (photograph.outline == nil
                ? [] : [part("only the animal", .background), part("only the background", .animal)])
    }

    /// Draws a PNG file, and `NAME-2.png` and so on for what does not fit.
    ///
    /// - Returns: The files in order.
    /// - Throws: `DrawingError`, ``FileError``.
    public func write(to url: URL) throws -> [URL] { try sheet.write(to: url) }
}
