/// A rectangle of a picture: whole pixels from the top left corner.
public struct PixelBox: Sendable, Hashable {
    /// The first column; may be left of the picture.
    public let x: Int
    /// The first row; may be above the picture.
    public let y: Int
    /// Columns, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int

    /// The largest coordinate: no picture is larger, and sums of two stay far from overflow.
    private static let limit = 1e9

    /// Creates a rectangle; nil if it is empty or has coordinates beyond a billion.
    public init?(x: Int, y: Int, width: Int, height: Int) {
        guard width > 0, height > 0, [x, y, width, height].allSatisfy({ Double($0).magnitude <= Self.limit })
        else { return nil }
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    /// The rectangle `[x, y, width, height]` with its corners rounded to whole pixels, halves to even, as in Pillow's
    /// `Image.crop`; nil for anything but four numbers, or if no pixel is left.
    public init?(_ numbers: [Double]) {
        guard numbers.count == 4, numbers.allSatisfy({ $0.magnitude <= Self.limit }) else { return nil }
        func whole(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
        let (left, top) = (whole(numbers[0]), whole(numbers[1]))
        self.init(
            x: left, y: top, width: whole(numbers[0] + numbers[2]) - left, height: whole(numbers[1] + numbers[3]) - top)
    }

    /// Parses `[x, y, width, height]`, with or without the brackets.
    public init?(parsing text: String) {
        var inner = Substring(text.trimmingPrefix(while: \.isWhitespace))
        while inner.last?.isWhitespace == true { inner.removeLast() }
        if inner.first == "[", inner.last == "]" { inner = inner.dropFirst().dropLast() }
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0.filter { !$0.isWhitespace }) }
        guard numbers.count == parts.count else { return nil }
        self.init(numbers)
    }

    /// The form that ``init(parsing:)`` reads.
    public var text: String { "[\(x), \(y), \(width), \(height)]" }

    /// The part of the rectangle within a picture, or nil if there is none.
    public func clipped(toWidth pictureWidth: Int, height pictureHeight: Int) -> PixelBox? {
        // Metadata can give any size.
        guard pictureWidth > 0, pictureHeight > 0 else { return nil }
        let (left, top) = (max(0, x), max(0, y))
        return PixelBox(
            x: left, y: top, width: min(pictureWidth, x + width) - left, height: min(pictureHeight, y + height) - top)
    }
}

/// How a picture of any shape becomes a square.
public enum Fit: String, Sendable, Codable, CaseIterable {
    /// Scales width and height separately: only the shape is lost.
    case stretch
    /// Fits the longer side and adds two black bars: the shape and the whole picture are kept.
    case letterbox
    /// Takes the central square: the shape is kept, the ends of the longer side are lost.
    case crop
}
