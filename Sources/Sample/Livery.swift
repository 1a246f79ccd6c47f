import Drawing

/// The large colours of a whale's skin, which tell it apart from afar and from every side.
struct Livery: Sendable {
    /// Colour of the skin between the fields.
    var skin = Color(hex: 0xDEDEDA)
    /// Fields of another colour, each drawn over those before it.
    var fields: [Field] = []
    /// Colour of fluke and flippers, where it is not the skin's.
    var limbs: Color?

    /// A part of the body in one tint: pigment, scar tissue, or the film of diatoms before the moult.
    struct Field: Sendable {
        /// Where it begins and ends, as shares of the body's length behind the snout.
        let front, back: Double
        /// Radians down either flank that it reaches; beyond π it goes all around.
        let reach: Double
        let tint: Color
        /// Share of the skin that it covers.
        let strength: Double
        /// How far its edges stray, as shares of the body's length: the front edge's steps, then the back edge's.
        let edges: [Double]
        /// Spots of the same tint that lie about its edges.
        let freckles: [Freckle]
    }

    struct Freckle: Sendable {
        let place: Place
        /// Share of the body's length.
        let radius: Double
    }

    /// How bright the bare skin is, within 0...1.
    var tone: Double { skin.brightness }
}

extension Color {
    /// Brightness as the eye weighs it, within 0...1.
    var brightness: Double { 0.3 * red + 0.59 * green + 0.11 * blue }

    /// How far two colours lie apart, at most √3.
    func distance(to other: Color) -> Double {
        let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
        return (r * r + g * g + b * b).squareRoot()
    }
}
