import Basics
import Figures
import Foundation

/// The pictures that a web page shows or opens.
struct PageResources {
    /// The folder of the files next to the page.
    var folder = ""
    /// The figures by path relative to the page.
    var figures: [String: DrawnFigure] = [:]
    /// The enlarged photographs in the order of the document.
    var photographs: [Photograph] = []
    /// The thumbnails of the photographs on maps.
    var sheet: PhotographSheet?
    /// The photographs on maps, by id: what their thumbnails are called.
    var titles: [String: String] = [:]

    /// An enlarged photograph.
    struct Photograph {
        let id: String
        /// Relative to the page.
        let path: String
        /// The id, the animal, the view and the date.
        let title: String
        let bytes: Int
    }

    /// The same for the page of an animal in a folder; it has no maps.
    func seen(through links: Links) -> PageResources {
        func seen(_ path: String) -> String { links.path(ofDocumentFile: path) }
        return PageResources(
            figures: Dictionary(figures.map { (seen($0), $1) }) { first, _ in first },
            photographs: photographs.map {
                Photograph(id: $0.id, path: seen($0.path), title: $0.title, bytes: $0.bytes)
            })
    }
}

/// Puts pictures into a web page: embedded as far as there is room, in the order of the page, else next to it.
struct PagePictures {
    private let resources: PageResources
    private let byID: [String: PageResources.Photograph]
    private let byPath: [String: PageResources.Photograph]
    /// The place of each thumbnail on the sheet.
    private let thumbnails: [String: Int]

    init(_ resources: PageResources) {
        self.resources = resources
        byID = Dictionary(resources.photographs.map { ($0.id, $0) }) { first, _ in first }
        byPath = Dictionary(resources.photographs.map { (MarkdownText.target($0.path), $0) }) { first, _ in first }
        thumbnails = Dictionary(
            (resources.sheet?.ids ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a page can open an enlargement.
    func isViewable(_ html: String) -> Bool { !resources.figures.isEmpty && html.contains("<img ") || !byID.isEmpty }

    /// The photographs on maps for the page's script: `sheet`, and for each thumbnail its title and its enlargement.
    var mapData: String? {
        guard let sheet = resources.sheet else { return nil }
        let photographs = sheet.ids.map { id -> JSONValue in
            .array([.string(resources.titles[id] ?? id), .string(byID[id].map { MarkdownText.target($0.path) } ?? "")])
        }
        let data: JSONValue = [
            "sheet": .string(MarkdownText.target(sheet.path)), "columns": .number(Double(sheet.columns)),
            "rows": .number(Double((sheet.ids.count + sheet.columns - 1) / sheet.columns)),
            "side": .number(Double(PhotographSheet.side)), "photographs": .array(photographs),
        ]
        return data.canonicalText.visibleJSON.replacing("<", with: "\\u003c").replacing(">", with: "\\u003e")
            .replacing("&", with: "\\u0026")
    }

    /// The page with its pictures, of which those that fit into `limit` bytes, with the text, are part of it.
    ///
    /// - Complexity: O(length of the page with its pictures).
    func placed(in html: String, limit: Int) -> (html: String, weight: PageWeight) {
        let html = withPhotographLinks(html)
        let mark = "<img src=\""
        let pieces = html.split(separator: mark, omittingEmptySubsequences: false)
        var weight = PageWeight()
        weight.enlargements = resources.photographs.count
        weight.enlargementBytes = resources.photographs.reduce(resources.sheet?.contents.count ?? 0) { $0 + $1.bytes }
        weight.folder = resources.figures.isEmpty ? "" : resources.folder
        // What every picture needs in any case comes off first.
        let shown = Set(pieces.dropFirst().map { Self.path($0.prefix { $0 != "\"" }) })
        let overlays = resources.figures.filter { shown.contains($0.key) }
            .mapValues { Overlay(photographs: overlay($0), points: points($0)) }
        var room = overlays.values.reduce(limit - html.utf8.count) { $0 - $1.bytes }
        var text = String(pieces.first ?? "")
        for piece in pieces.dropFirst() {
            let address = piece.prefix { $0 != "\"" }
            let path = Self.path(address)
            guard let figure = resources.figures[path], let end = piece.range(of: "/>") else {
                text += mark + piece
                continue
            }
            let attributes = piece[address.endIndex..<end.lowerBound].dropFirst()
            let size = " width=\"\(figure.picture.width)\" height=\"\(figure.picture.height)\""
            let overlay = overlays[path]
            let bytes = (figure.picture.contents.count + 2) / 3 * 4
            var source = String(address)
            var loading = ""
            if bytes <= room {
                room -= bytes
                source = "data:\(figure.format.mediaType);base64,\(figure.picture.contents.base64EncodedString())"
            } else {
                loading = " loading=\"lazy\""
                weight.pictures += 1
                weight.pictureBytes += figure.picture.contents.count
            }
            text += "<span class=\"figure\"\(overlay?.points ?? "")><a class=\"enlarge\" href=\"\(address)\">"
            text += "\(mark)\(source)\"\(attributes)\(size)\(loading)/></a>\(overlay?.photographs ?? "")</span>"
            text += piece[end.upperBound...]
        }
        weight.page = text.utf8.count
        return (text, weight)
    }

    /// The file of an address.
    private static func path(_ address: Substring) -> String { address.removingPercentEncoding ?? String(address) }

    /// What lies over a figure.
    private struct Overlay {
        let photographs: String
        let points: String

        /// With the elements around the figure and its address.
        var bytes: Int { photographs.utf8.count + points.utf8.count + 300 }
    }

    /// Marks the links to enlargements, so that the page's script opens them.
    private func withPhotographLinks(_ html: String) -> String {
        guard !byPath.isEmpty else { return html }
        let mark = "<a href=\""
        let pieces = html.split(separator: mark, omittingEmptySubsequences: false)
        return pieces.dropFirst().reduce(into: String(pieces.first ?? "")) { text, piece in
            if let photograph = byPath[String(piece.prefix { $0 != "\"" })] {
                text += "<a class=\"photograph\" data-title=\"\(MarkdownText.html(photograph.title))\" href=\""
            } else {
                text += mark
            }
            text += piece
        }
    }

    /// A link over every photograph of a figure. They are for the mouse: the same links are in the figure's table and,
    /// for the keyboard, in the enlarged figure.
    private func overlay(_ figure: DrawnFigure) -> String {
        guard !figure.isMap else { return "" }
        return figure.picture.places.compactMap { place -> String? in
            guard let photograph = byID[place.name] else { return nil }
            func share(_ value: Double) -> String { NumberText.fixed(100 * value, 2) + "%" }
            let style =
                "left:\(share(place.x));top:\(share(place.y));width:\(share(place.width));height:\(share(place.height))"
            return "<a class=\"photograph place\" tabindex=\"-1\" aria-hidden=\"true\" "
                + "data-title=\"\(MarkdownText.html(photograph.title))\" "
                + "href=\"\(MarkdownText.target(photograph.path))\" style=\"\(style)\"></a>"
        }.joined()
    }

    /// The points of a map as an attribute: for each, its place in ten-thousandths of the figure, and its thumbnail.
    private func points(_ figure: DrawnFigure) -> String {
        guard figure.isMap else { return "" }
        let points = figure.picture.places.compactMap { place -> String? in
            guard let thumbnail = thumbnails[place.name] else { return nil }
            return "[\(Int((place.x * 10_000).rounded())),\(Int((place.y * 10_000).rounded())),\(thumbnail)]"
        }
        return points.isEmpty ? "" : " data-points=\"[\(points.joined(separator: ","))]\""
    }
}

extension FigureFormat {
    fileprivate var mediaType: String {
        switch self {
        case .svg: "image/svg+xml"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        }
    }
}

/// What a reader loads with a web page, in bytes.
public struct PageWeight: Sendable, Equatable {
    /// The page with its embedded pictures.
    public var page = 0
    /// The number of pictures next to it, which load when they come into view.
    public var pictures = 0
    public var pictureBytes = 0
    /// The number of enlarged photographs, which load when they are opened.
    public var enlargements = 0
    public var enlargementBytes = 0
    /// The folder of the files next to the page.
    var folder = ""

    /// A sentence about the page, named by `subject`; nil for a page without pictures.
    public func sentence(_ subject: String) -> String? {
        guard !folder.isEmpty else { return nil }
        func size(_ bytes: Int) -> String { NumberText.fixed(Double(bytes) / 1e6, 1) + " MB" }
        var parts = ["\(subject) has \(size(page))"]
        if pictures > 0 {
            parts.append(
                "\(NumberText.counted(pictures, "picture", "pictures")) of \(size(pictureBytes)) load as they come into "
                    + "view")
        }
        if enlargementBytes > 0 {
            parts.append(
                "\(NumberText.counted(enlargements, "enlarged photograph", "enlarged photographs")) of "
                    + "\(size(enlargementBytes)) when they are opened")
        }
        return parts.joined(separator: "; ") + (parts.count == 1 ? "." : ", from the folder \(folder) next to it.")
    }
}
