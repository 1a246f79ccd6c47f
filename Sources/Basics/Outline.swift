import Foundation

/// An animal's outline in a picture, as the metadata give it. It is decoded only when it is needed, because a catalogue
/// can have thousands.
///
/// COCO's `segmentation`: polygons `[[x0, y0, x1, y1, …], …]`, of which a pixel is inside if any holds it; or run
/// lengths `{"size": [height, width], "counts": …}`, compressed (a text) or not (a list).
///
/// Source: Lin et al., ECCV 2014; pycocotools 2.0.
public struct Outline: Sendable, Equatable {
    /// The JSON text of the `segmentation`.
    public let text: Data
    /// The sides of the picture that polygons are of, in the metadata; nil if unknown.
    public let sides: PictureSides?
    /// Where the metadata have it, for errors, such as `…/instances.json, annotation 12`.
    public let place: String

    /// Describes the outline with this text.
    ///
    /// - Returns: Nil if the text has no outline: `null`, `[]`, `[[]]`, or a single rectangle, because Wildbook and
    ///   others write boxes as polygons, too.
    public init?(text: Data, sides: PictureSides?, place: String) {
        self.text = text
        self.sides = sides
        self.place = place
        guard text.count > Self.rectangleBytes else {
            let isNothing = ["null", "[]", "[[]]"].contains(String(decoding: text.filter { $0 > 0x20 }, as: UTF8.self))
            if isNothing || isRectangle { return nil }
            return
        }
    }

    /// A rectangle's text is not longer.
    private static let rectangleBytes = 512

    /// Whether it is a single polygon with the corners of a rectangle, to a pixel.
    private var isRectangle: Bool {
        guard case .polygons(let polygons) = try? form(), polygons.count == 1, var corners = polygons.first else {
            return false
        }
        if corners.count == 10, corners.prefix(2) == corners.suffix(2) { corners.removeLast(2) }
        guard corners.count == 8 else { return false }
        func distance(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        // The diagonals of a rectangle have the same middle and length.
        let middles = distance(
            (corners[0] + corners[4] - corners[2] - corners[6]) / 2,
            (corners[1] + corners[5] - corners[3] - corners[7]) / 2)
        let lengths =
            distance(corners[4] - corners[0], corners[5] - corners[1])
            - distance(corners[6] - corners[2], corners[7] - corners[3])
        return middles <= 1 && abs(lengths) <= 1
    }

    /// The pixels inside.
    ///
    /// - Parameters:
    ///   - stored: The sides of the picture as it is stored.
    ///   - displayed: The sides of the picture after EXIF rotation.
    /// - Returns: The mask, and whether it is of the displayed picture, because it fits only that.
    /// - Throws: ``FileError/malformed(path:line:problem:remedy:)`` with its place, for anything that is not an outline
    ///   of this picture.
    /// - Complexity: O(text + boundary) time.
    public func mask(
        stored: PictureSides, displayed: PictureSides
    ) throws(FileError) -> (mask: RunMask, isDisplayed: Bool) {
        do throws(OutlineFlaw) {
            let form = try form()
            let own = form.sides ?? sides ?? stored
            guard own == stored || own == displayed else {
                throw OutlineFlaw(
                    "it is of a picture with \(own.width) x \(own.height) pixels, but the picture has "
                        + "\(stored.width) x \(stored.height)")
            }
            let mask =
                switch form {
                case .polygons(let polygons): try RunMask(own, polygons: polygons)
                case .runs(_, let counts): try RunMask(own, counts: counts)
                }
            return (mask, own != stored)
        } catch {
            throw .malformed(
                path: place, line: nil, problem: "the outline is not usable: \(error.problem)",
                remedy: "Correct its 'segmentation', or remove it.")
        }
    }

    private enum Form {
        case polygons([[Double]])
        case runs(PictureSides, counts: [Int])

        /// The sides that the outline itself gives.
        var sides: PictureSides? { if case .runs(let sides, _) = self { sides } else { nil } }
    }

    private func form() throws(OutlineFlaw) -> Form {
        guard text.count <= Bounds.outlineBytes else {
            throw OutlineFlaw("it takes \(text.count) bytes, more than the limit of \(Bounds.outlineBytes)")
        }
        let value: JSONValue
        do { value = try JSONValue(parsing: text) } catch { throw OutlineFlaw("it is not JSON") }
        switch value {
        case .array(let elements):
            // Some programs write the only polygon without a list around it.
            let polygons = elements.first?.double == nil ? elements : [value]
            return .polygons(try polygons.filter { $0 != [] }.map(Self.polygon))
        case .object: return try Self.runs(value)
        default: throw OutlineFlaw("it is neither a list of polygons nor run lengths")
        }
    }

    private static func polygon(_ value: JSONValue) throws(OutlineFlaw) -> [Double] {
        guard let numbers = value.numbers else { throw OutlineFlaw("a polygon is not a list of numbers") }
        guard numbers.count >= 6, numbers.count % 2 == 0 else {
            throw OutlineFlaw("a polygon has \(numbers.count) numbers, not x and y of three or more points")
        }
        return numbers
    }

    private static func runs(_ value: JSONValue) throws(OutlineFlaw) -> Form {
        guard let size = value["size"]?.integers, size.count == 2,
            size.allSatisfy({ (1...Bounds.pictureSide).contains($0) })
        else { throw OutlineFlaw("its 'size' is not [height, width]") }
        let sides = PictureSides(width: size[1], height: size[0])
        if let counts = value["counts"]?.integers { return .runs(sides, counts: counts) }
        guard let text = value["counts"]?.string else {
            throw OutlineFlaw("its 'counts' are neither a list of whole numbers nor a text")
        }
        return .runs(sides, counts: try RunMask.counts(compressed: text))
    }
}
