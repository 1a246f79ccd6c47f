/// The look of text.
public struct TextStyle: Sendable, Equatable {
    /// The weight of the letters.
    public enum Weight: Sendable { case regular, bold }
    /// The alignment of lines.
    public enum Alignment: Sendable { case left, center, right }

    /// Height of the letters with their spacing, in the canvas's units.
    public var size: Double
    public var weight: Weight
    public var color: Color
    public var family: String
    public var alignment: Alignment
    /// The width at which lines break; nil for a single line of any length.
    public var width: Double?
    /// The maximum number of lines; longer text ends in an ellipsis.
    public var lines: Int

    /// Creates a style.
    public init(
        size: Double = 11, weight: Weight = .regular, color: Color = .black, family: String = "DejaVu Sans",
        alignment: Alignment = .left, width: Double? = nil, lines: Int = 1
    ) {
        self.size = size
        self.weight = weight
        self.color = color
        self.family = family
        self.alignment = alignment
        self.width = width
        self.lines = lines
    }
}

/// The point of a text's box that is placed at the given position: shares of width and height.
public struct Anchor: Sendable, Equatable {
    public let x: Double
    public let y: Double

    public static let topLeft = Anchor(x: 0, y: 0)
    public static let top = Anchor(x: 0.5, y: 0)
    public static let topRight = Anchor(x: 1, y: 0)
    public static let left = Anchor(x: 0, y: 0.5)
    public static let center = Anchor(x: 0.5, y: 0.5)
    public static let right = Anchor(x: 1, y: 0.5)
    public static let bottomLeft = Anchor(x: 0, y: 1)
    public static let bottom = Anchor(x: 0.5, y: 1)
    public static let bottomRight = Anchor(x: 1, y: 1)
}
