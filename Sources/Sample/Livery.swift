import Basics
import Drawing
import Foundation

/// The large colour fields of a whale's skin, which identify it from afar and from every side.
struct Livery: Sendable {
    /// Colour of the skin between the fields.
    var skin = Color(hex: 0xDEDEDA)
    /// Fields of other colours, drawn in order.
    var fields: [Field] = []
    /// Colour of fluke and flippers; nil for the skin's.
    var limbs: Color?

    /// A part of the body with one tint: pigment, scar tissue, or a film of diatoms before the moult.
    struct Field: Sendable {
        /// Its ends, as shares of body length from the snout.
        let front, back: Double
        /// Its extent down each flank in radians; beyond π it goes all around.
        let reach: Double
        let tint: Color
        /// Its opacity over the skin.
        let strength: Double
        /// Deviations of its edges, as shares of body length: the front edge's steps, then the back edge's.
        let edges: [Double]
        /// Spots of the same tint near its edges.
        let freckles: [Freckle]
    }

    struct Freckle: Sendable {
        let place: Place
        /// A share of body length.
        let radius: Double
    }

    /// Brightness of the bare skin, within 0...1.
    var tone: Double { skin.brightness }
}

extension Color {
    /// Perceived brightness, within 0...1.
    var brightness: Double { 0.3 * red + 0.59 * green + 0.11 * blue }

    /// The distance between two colours, at most √3.
    func distance(to other: Color) -> Double {
        let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
        return (r * r + g * g + b * b).squareRoot()
    }
}

extension Livery {
    /// Skins: a calf's slate-brown, a juvenile's blue-grey and grey, an adult's white, and cream before the moult.
    private static let skins: [UInt32] = [0x65594F, 0x74818D, 0x999996, 0xC4C8C8, 0xEDECE7, 0xDCCB9E]

    /// Draws skin and fields at random, part by part, which gives many combinations.
    init(generator: inout SeededGenerator) {
        skin = Tints.jittered(Self.skins[generator.integer(in: 0..<Self.skins.count)], &generator)
        var tints = Tints(skin: skin)
        fields = Self.trunk(&tints, &generator)
        if generator.chance(0.55) {
            let end = generator.uniform(0.14...0.19)
            fields.append(Field(-0.05, end, tints.next(&generator), &generator))
        }
        if generator.chance(0.5) {
            let start = generator.uniform(0.7...0.76)
            fields.append(Field(start, 1.05, tints.next(&generator), &generator))
        }
        if generator.chance(0.5) { limbs = fields.last?.tint }
    }

    /// The trunk, a whale's largest part, always has a field: a mantle, a saddle, a girdle, or the scars of two ropes.
    private static func trunk(_ tints: inout Tints, _ generator: inout SeededGenerator) -> [Field] {
        switch generator.integer(in: 0..<9) {
        case 0, 1, 2:
            let front = generator.uniform(0.2...0.26)
            return [Field(front, front + generator.uniform(0.22...0.3), tints.next(&generator), &generator)]
        case 3, 4, 5:
            let (front, reach) = (generator.uniform(0.3...0.4), generator.uniform(1.5...2.1))
            let back = front + generator.uniform(0.28...0.36)
            return [Field(front, back, reach: reach, tints.next(&generator), &generator)]
        case 6, 7:
            let front = generator.uniform(0.48...0.54)
            return [Field(front, front + generator.uniform(0.17...0.24), tints.next(&generator), &generator)]
        default:
            let (front, tint) = (generator.uniform(0.26...0.32), tints.next(of: Tints.scars, &generator))
            return [front, front + generator.uniform(0.16...0.24)].map { start in
                Field(start, start + generator.uniform(0.06...0.08), tint, &generator)
            }
        }
    }
}

/// The tints that are still available for a whale's fields.
private struct Tints {
    /// Soot, slate-blue, ochre of diatoms, the pink of healed skin, and ivory.
    private static let all: [UInt32] = [0x2C2825, 0x56656F, 0xAE8038, 0xB57B6F, 0xF2EDE1]
    /// Colours of healed rope scars: dark, pink or white.
    static let scars: [UInt32] = [0x2C2825, 0xB57B6F, 0xF2EDE1]
    /// The least contrast at which a field stands out; every skin leaves at least one tint for each part.
    private static let leastContrast = 0.3

    private let skin: Color
    private var taken: Set<UInt32> = []

    init(skin: Color) { self.skin = skin }

    mutating func next(of tints: [UInt32] = Self.all, _ generator: inout SeededGenerator) -> Color {
        let open = tints.filter { Color(hex: $0).distance(to: skin) > Self.leastContrast && !taken.contains($0) }
        let hex = open[generator.integer(in: 0..<open.count)]
        taken.insert(hex)
        return Self.jittered(hex, &generator)
    }

    /// The colour with one whale's random variation.
    static func jittered(_ hex: UInt32, _ generator: inout SeededGenerator) -> Color {
        let color = Color(hex: hex)
        let gain = generator.uniform(0.97...1.03)
        func part(_ value: Double) -> Double { min(1, max(0, value * gain * generator.uniform(0.98...1.02))) }
        return Color(red: part(color.red), green: part(color.green), blue: part(color.blue))
    }
}

extension Livery.Field {
    static let edgeSteps = 14

    fileprivate init(
        _ front: Double, _ back: Double, reach: Double = 4, _ tint: Color, _ generator: inout SeededGenerator
    ) {
        self.front = front
        self.back = back
        self.reach = reach
        self.tint = tint
        strength = generator.uniform(0.86...0.94)
        let stray = min(0.022, 0.12 * (back - front))
        edges = (0..<2 * Self.edgeSteps).map { _ in generator.normal(deviation: stray) }
        freckles = (0..<generator.integer(in: 30..<70)).map { _ in
            Livery.Freckle(
                place: Place(
                    (generator.chance(0.5) ? front : back) + generator.normal(deviation: 0.04),
                    generator.uniform(-1...1) * min(reach, .pi)),
                radius: generator.uniform(0.002...0.007))
        }
    }
}
