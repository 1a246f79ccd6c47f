/// A place on the hide.
struct Place: Sendable {
    /// Share of the body's length behind the snout.
    var along: Double
    /// Radians around the body from the middle of the back; the left flank is positive.
    var around: Double

    init(_ along: Double, _ around: Double) {
        self.along = along
        self.around = around
    }
}

/// A lasting mark of the skin; lengths are shares of the body's, shades run from -1 (black) to 1 (white).
enum Mark: Sendable {
    /// A healed cut; `bow` is how far its middle leaves the straight line.
    case scar(from: Place, to: Place, bow: Double, width: Double, shade: Double)
    /// Parallel cuts, as teeth, claws or a propeller leave them.
    case rake(Place, angle: Double, length: Double, spacing: Double, count: Int, shade: Double)
    /// A round healed wound, a ring about a pit: a bullet's, or a bite's.
    case wound(Place, radius: Double, shade: Double)
    /// A field of pigment with an uneven edge: `outline` holds the radii about its middle, as factors.
    case patch(Place, length: Double, width: Double, angle: Double, outline: [Double], shade: Double)
    /// Small spots about a place, by their offsets and radii.
    case mottling(Place, spots: [Spot], shade: Double)

    struct Spot: Sendable {
        let x: Double
        let y: Double
        let radius: Double
    }
}
