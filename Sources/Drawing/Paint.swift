import Foundation

/// The fill of an outline.
public enum Paint: Sendable {
    case color(Color)
    /// Stops by their position between `from` and `to`, within 0…1.
    case linear(from: Point, to: Point, stops: [(Double, Color)])
    /// Stops by their share of the radius.
    case radial(center: Point, radius: Double, stops: [(Double, Color)])
}

/// The style of an outline.
public struct StrokeStyle: Sendable, Equatable {
    /// The shape of a line's ends.
    public enum Cap: Sendable { case butt, round }

    public var width: Double
    public var cap: Cap
    /// Lengths of dash and gap in turn; empty for an unbroken line.
    public var dash: [Double]

    /// Creates a style.
    public init(width: Double, cap: Cap = .round, dash: [Double] = []) {
        self.width = width
        self.cap = cap
        self.dash = dash
    }
}

/// How a layer blends with what is below it.
public enum Blend: Sendable { case over, multiply, screen, overlay, softLight, add }

extension Double {
    var sine: Double { sin(self) }
    var cosine: Double { cos(self) }
}

/// A colour in sRGB with opacity; each component within 0…1.
public struct Color: Sendable, Equatable {
    public var red: Double
    public var green: Double
    public var blue: Double
    public var alpha: Double

    /// Creates a colour.
    public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    /// Creates an opaque colour from `0xRRGGBB`.
    public init(hex: UInt32) {
        self.init(
            red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255, blue: Double(hex & 0xFF) / 255)
    }

    /// The colour with another opacity.
    public func opacity(_ alpha: Double) -> Color { Color(red: red, green: green, blue: blue, alpha: alpha) }

    /// A mix: `share` of the other colour, the rest of this one.
    public func mixed(with other: Color, share: Double) -> Color {
        func mix(_ one: Double, _ two: Double) -> Double { one + (two - one) * share }
        return Color(
            red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue),
            alpha: mix(alpha, other.alpha))
    }

    public static let white = Color(hex: 0xFFFFFF)
    public static let black = Color(hex: 0x000000)
}
