import Basics

/// The direction in which an animal's head points in a displayed picture, in clockwise order.
public enum Heading: String, Sendable, CaseIterable {
    case left, up, right, down

    private var quarters: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The direction after a number of quarter turns clockwise; negative ones are anticlockwise.
    public func turned(quarters: Int) -> Heading {
        Self.allCases[Turn(quarters: self.quarters + quarters).rawValue]
    }

    /// The turn that brings this direction into another.
    func turn(to other: Heading) -> Turn { Turn(quarters: other.quarters - quarters) }
}

/// A turn of a picture; the raw value is the number of quarters, clockwise as displayed.
public enum Turn: Int, Sendable, CaseIterable {
    case none, right, around, left

    /// A number of quarters, clockwise; negative ones are anticlockwise.
    public init(quarters: Int) { self = Self.allCases[((quarters % 4) + 4) % 4] }

    /// The stored orientation that this turn puts upright.
    fileprivate var orientation: Orientation {
        switch self {
        case .none: .upright
        case .right: .turnedLeft
        case .around: .upsideDown
        case .left: .turnedRight
        }
    }

    /// Whether width and height are swapped.
    public var swapsSides: Bool { orientation.swapsSides }

    /// The new place of a point of the picture, both in shares of the sides from the top left.
    public func place(x: Double, y: Double) -> (x: Double, y: Double) {
        switch self {
        case .none: (x, y)
        case .right: (1 - y, x)
        case .around: (1 - x, 1 - y)
        case .left: (y, 1 - x)
        }
    }
}

extension Raster {
    /// The turned picture.
    ///
    /// - Complexity: O(width · height).
    public func turned(_ turn: Turn) -> Raster { turned(turn.orientation) }
}

/// How an animal lies in a picture, from which follows how the picture is turned to be compared with others.
///
/// The longer side lies, with the head to the left. Pictures are never mirrored, and flanks never turned upside down:
/// a right flank has its head to the right, and a flank that lies stays as it is. From above or below, any turn is
/// right.
public struct AnimalPose: Sendable, Equatable {
    /// What the picture shows of the animal.
    public enum Side: Sendable { case leftFlank, rightFlank, aboveOrBelow, other }

    /// Nil if unknown.
    public let heading: Heading?
    public let side: Side

    /// Describes a pose; by default nothing is known.
    public init(heading: Heading? = nil, side: Side = .other) {
        self.heading = heading
        self.side = side
    }

    /// The turn of a picture by its sides, or by nil if they are unknown. `amongLong` says whether it is compared with
    /// pictures of long animals: others, such as faces, stand as they are.
    public func turn(of sides: PictureSides?, amongLong: Bool) -> Turn {
        if side == .aboveOrBelow, let heading { return heading.turn(to: .left) }
        guard amongLong, let sides, sides.height > sides.width else { return .none }
        guard let heading else { return .left }
        let isAcross = heading == .left || heading == .right
        return isAcross ? .none : heading.turn(to: side == .rightFlank ? .right : .left)
    }
}
