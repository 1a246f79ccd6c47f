/// A place on the hide.
struct Place: Sendable {
    /// The share of body length from the snout.
    var along: Double
    /// Radians around the body from the middle of the back, positive on the left flank.
    var around: Double

    init(_ along: Double, _ around: Double) {
        self.along = along
        self.around = around
    }
}

/// A lasting mark on the skin; lengths are shares of body length, shades run from -1 (black) to 1 (white).
enum Mark: Sendable {
    /// A healed cut; `bow` is the distance of its middle from the straight line.
    case scar(from: Place, to: Place, bow: Double, width: Double, shade: Double)
    /// Parallel cuts, as from teeth, claws or a propeller.
    case rake(Place, angle: Double, length: Double, spacing: Double, count: Int, shade: Double)
    /// A round healed wound with a ring around a pit, as from a bullet or a bite.
    case wound(Place, radius: Double, shade: Double)
    /// A field of pigment with an uneven edge: `outline` holds the radii around its centre, as factors.
    case patch(Place, length: Double, width: Double, angle: Double, outline: [Double], shade: Double)
    /// Small spots around a place, with their offsets and radii.
    case mottling(Place, spots: [Spot], shade: Double)

    struct Spot: Sendable {
        let x: Double
        let y: Double
        let radius: Double
    }
}
