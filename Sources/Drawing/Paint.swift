import Foundation

/// What fills an outline.
public enum Paint: Sendable {
    case color(Color)
    /// Stops by their place along the way from `from` to `to`, within 0…1.
    case linear(from: Point, to: Point, stops: [(Double, Color)])
    /// Stops by their share of the radius.
    case radial(center: Point, radius: Double, stops: [(Double, Color)])
}

/// How an outline is drawn.
public struct StrokeStyle: Sendable, Equatable {
    /// What a line's ends look like.
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

/// How a layer meets what lies below it.
public enum Blend: Sendable { case over, multiply, screen, overlay, softLight, add }

extension Double {
    var sine: Double { sin(self) }
    var cosine: Double { cos(self) }
}
