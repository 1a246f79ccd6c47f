import Basics
import Foundation
import Imaging

/// The animals' boxes from a JSON file next to folders of photographs: MegaDetector's format or COCO's.
///
/// MegaDetector: `images` with `file` and `detections` of `category`, `conf` and `bbox`, `[x, y, width, height]` as
/// shares of the displayed picture, after EXIF rotation. The most confident animal of a picture counts if it reaches
/// the file's `typical_detection_threshold`, or ``leastConfidence`` if there is none. COCO: `bbox` in pixels of the
/// stored picture, or of the displayed picture if `width` and `height` fit only that; the largest of several counts,
/// with its turn `theta` and its outline `segmentation`.
///
/// `file` and `file_name` may begin with folders that do not exist here, as when the detector ran on another computer.
///
/// Source: MegaDetector batch processing output format 1.4; Lin et al., ECCV 2014.
struct BoxFile {
    let name: String
    /// Keyed by the picture's path in the folder.
    private let boxes: [String: Box]
    /// Notes for the user.
    let notes: [String]

    private enum Box {
        case shares([Double])
        case pixels(PixelBox, theta: Double, sides: PictureSides?, Outline?)
    }

    /// The threshold recommended for MegaDetector 5 and later.
    private static let leastConfidence = 0.2

    /// The names of the box files in a folder.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    static func names(in listing: FolderListing) throws -> [String] {
        try ForeignJSON.names(in: listing, with: ["detections", "annotations"])
    }

    /// Reads the boxes of some pictures.
    ///
    /// - Throws: ``FileError``.
    init(_ url: URL, pictures: [String]) throws {
        name = url.lastPathComponent
        let isCOCO = try ForeignJSON.read(Kind.self, from: url).isCOCO
        let named = isCOCO ? try Self.annotated(url) : try Self.detected(url)
        let known = Set(pictures)
        var boxes: [String: Box] = [:]
        var foreign = 0
        for (file, box) in named {
            if let picture = Self.picture(named: file, in: known) { boxes[picture] = box } else { foreign += 1 }
        }
        self.boxes = boxes
        var notes: [String] = []
        if foreign > 0 { notes.append("\(foreign) in \(name) but not in the folder") }
        let bare = pictures.count - boxes.count
        if bare > 0 { notes.append("\(bare) without a box in \(name), used whole") }
        self.notes = notes
    }

    /// The animal's place in a picture, in the stored picture's pixels.
    struct Place {
        let box: PixelBox
        let theta: Double
        let outline: Outline?
    }

    /// The animal's place in a picture; nil if the file has no box for it, or the box lies outside.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    func place(ofPictureAt path: String, _ picture: () throws -> PictureFile) throws -> Place? {
        guard let box = boxes[path], let picture = try FileError.attempt(picture) else { return nil }
        let part: PixelBox?
        let isDisplayed: Bool
        var (theta, outline) = (0.0, nil as Outline?)
        switch box {
        case .shares(let shares):
            let (width, height) = (Double(picture.width), Double(picture.height))
            part = PixelBox([shares[0] * width, shares[1] * height, shares[2] * width, shares[3] * height])
            isDisplayed = true
        case .pixels(let box, let turn, let sides, let found):
            (part, theta, outline) = (box, turn, found)
            isDisplayed = picture.isBoxDisplayed(with: sides)
            if isDisplayed, picture.orientation.isMirrored { theta = -theta }
        }
        let stored =
            isDisplayed ? part?.stored(picture.orientation, width: picture.width, height: picture.height) : part
        let sides = PictureSides(width: picture.storedWidth, height: picture.storedHeight)
        guard let stored, PicturePart(stored, theta: theta, of: sides) != nil else { return nil }
        // A turned box keeps its centre.
        let cut = theta == 0 ? stored.clipped(toWidth: sides.width, height: sides.height) : stored
        return cut.map { Place(box: $0, theta: theta, outline: outline) }
    }

    /// The picture whose path ends the name.
    private static func picture(named name: String, in pictures: Set<String>) -> String? {
        var rest = Substring(name.replacing("\\", with: "/"))
        while !pictures.contains(String(rest)) {
            guard let slash = rest.firstIndex(of: "/") else { return nil }
            rest = rest[rest.index(after: slash)...]
        }
        return String(rest)
    }

    // MARK: The two formats

    private static func annotated(_ url: URL) throws -> [(String, Box)] {
        let content = try COCOFile(url)
        var largest: [COCOFile.ID: (position: Int, box: PixelBox)] = [:]
        for (position, annotation) in content.annotations.enumerated() {
            guard let box = annotation.box.flatMap(PixelBox.init(_:)) else { continue }
            let best = largest[annotation.imageID]?.box
            if best.map({ $0.width * $0.height < box.width * box.height }) != false {
                largest[annotation.imageID] = (position, box)
            }
        }
        return content.images.compactMap { image in
            largest[image.id].map { position, box in
                let outline = content.outline(ofAnnotationAt: position, in: image, path: url.path)
                let theta = content.annotations[position].theta.flatMap { Double($0) } ?? 0
                return (image.fileName, .pixels(box, theta: theta, sides: image.sides, outline))
            }
        }
    }

    private static func detected(_ url: URL) throws -> [(String, Box)] {
        let content = try ForeignJSON.read(MegaDetectorFile.self, from: url)
        let least = content.info?.detector?.threshold ?? leastConfidence
        let animals = content.categories.filter { $0.value == "animal" }.map(\.key)
        return content.images.compactMap { image in
            let seen = (image.detections ?? []).filter {
                animals.contains($0.category) && $0.confidence >= least && $0.box.count == 4
            }
            // The first wins a tie.
            return seen.reduce(nil as MegaDetectorFile.Detection?) { best, next in
                best.map { $0.confidence >= next.confidence } == true ? best : next
            }.map { (image.file, .shares($0.box)) }
        }
    }

    /// Distinguishes the two formats.
    private struct Kind: Decodable {
        let isCOCO: Bool

        private enum CodingKeys: String, CodingKey { case annotations }

        init(from decoder: any Decoder) throws {
            isCOCO = try decoder.container(keyedBy: CodingKeys.self).contains(.annotations)
        }
    }
}

/// The members of MegaDetector's JSON that are read.
private struct MegaDetectorFile: Decodable {
    struct Detection: Decodable {
        let category: String
        let confidence: Double
        let box: [Double]

        enum CodingKeys: String, CodingKey {
            case category
            case confidence = "conf", box = "bbox"
        }
    }

    struct Image: Decodable {
        let file: String
        /// Nil if the detector could not read the picture.
        let detections: [Detection]?
    }

    struct Info: Decodable {
        struct Detector: Decodable {
            let threshold: Double?

            enum CodingKeys: String, CodingKey { case threshold = "typical_detection_threshold" }
        }
        let detector: Detector?

        enum CodingKeys: String, CodingKey { case detector = "detector_metadata" }
    }

    let info: Info?
    let images: [Image]
    let categories: [String: String]

    enum CodingKeys: String, CodingKey {
        case info, images
        case categories = "detection_categories"
    }
}
