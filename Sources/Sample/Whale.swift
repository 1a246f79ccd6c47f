import Basics
import Foundation

/// The lasting features of a beluga.
///
/// Marks are in body coordinates, so that one drawing of the hide serves every viewpoint.
struct Whale: Sendable {
    let id: String
    var build = Build()
    var livery = Livery()
    /// The darkness of the rims of fluke and flippers, within 0...1; it increases with age.
    var rim = 0.3
    var fluke = Fluke()
    /// Cuts in the dorsal ridge: a beluga has no dorsal fin.
    var notches: [Notch] = []
    var marks: [Mark] = []

    /// Body proportions, as factors on the average beluga's.
    struct Build: Sendable {
        var girth = 1.0
        /// Bulk of the forehead.
        var melon = 1.0
        /// Width behind the head.
        var neck = 1.0
        /// Thickness of the tail stock.
        var stock = 1.0
        var flipperLength = 1.0
        var flipperWidth = 1.0
    }

    /// The fluke's outline; spans run from -1 at the right tip to 1 at the left one.
    struct Fluke: Sendable {
        var span = 1.0
        var chord = 1.0
        /// The distance of the tips behind the root.
        var sweep = 1.0
        /// The bulge of the trailing edge on either side of the middle.
        var bulge = 0.5
        var cuts: [Cut] = []

        /// A piece missing from the trailing edge.
        struct Cut: Sendable {
            let span: Double
            /// Share of the chord.
            let depth: Double
            let width: Double
        }
    }

    /// A cut across the dorsal ridge.
    struct Notch: Sendable {
        /// The share of body length from the snout.
        let along: Double
        /// The depth as a share of the ridge's height.
        let depth: Double
        /// The width as a share of body length.
        let width: Double
    }

    /// Distinct whales with numbered ids, each determined by the seed and its number alone.
    static func pod(of count: Int, seed: UInt64) -> [Whale] {
        (0..<count).map { number in
            var generator = SeededGenerator(seed: seed, "whale", "\(number)")
            return Whale(id: "whale\(PodPlan.padded(number, to: 3))", generator: &generator)
        }
    }
}

extension Whale {
    /// Draws a whale at random. Each kind of mark varies independently, so that few whales share two.
    init(id: String, generator: inout SeededGenerator) {
        self.init(id: id)
        build = Build(generator: &generator)
        livery = Livery(generator: &generator)
        rim = generator.uniform(0.05...0.7)
        fluke = Fluke(generator: &generator)
        let shading = Shading(tone: livery.tone)
        marks = Mark.ridge(&generator)
        for _ in 0..<generator.integer(in: 0..<2) { marks.append(.drawnPatch(shading, &generator)) }
        for _ in 0..<generator.integer(in: 1..<4) { marks.append(.drawnScar(shading, &generator)) }
        if generator.chance(0.5) { marks.append(.drawnRake(shading, &generator)) }
        for _ in 0..<generator.integer(in: 0..<3) { marks.append(.drawnWound(shading, &generator)) }
        for _ in 0..<generator.integer(in: 0..<3) { marks.append(.drawnMottling(shading, &generator)) }
        for _ in 0..<generator.integer(in: 0..<4) { notches.append(Notch(generator: &generator)) }
    }
}

/// The contrast of marks with the skin: dark on white skin, mostly pale on grey skin.
private struct Shading {
    let tone: Double

    func shade(_ range: ClosedRange<Double>, _ generator: inout SeededGenerator) -> Double {
        let strength = generator.uniform(range)
        return generator.chance(tone < 0.62 ? 0.6 : 0.06) ? strength : -strength
    }
}

extension Whale.Build {
    fileprivate init(generator: inout SeededGenerator) {
        girth = generator.uniform(0.86...1.16)
        melon = generator.uniform(0.75...1.25)
        neck = generator.uniform(0.85...1.08)
        stock = generator.uniform(0.8...1.25)
        flipperLength = generator.uniform(0.8...1.2)
        flipperWidth = generator.uniform(0.8...1.25)
    }
}

extension Whale.Fluke {
    fileprivate init(generator: inout SeededGenerator) {
        span = generator.uniform(0.85...1.15)
        chord = generator.uniform(0.85...1.2)
        sweep = generator.uniform(0.6...1.4)
        bulge = generator.uniform(0...1)
        cuts = (0..<generator.integer(in: 0..<3)).map { _ in
            Cut(
                span: generator.uniform(-0.85...0.85), depth: generator.uniform(0.25...0.6),
                width: generator.uniform(0.05...0.12))
        }
    }
}

extension Whale.Notch {
    fileprivate init(generator: inout SeededGenerator) {
        along = generator.uniform(0.42...0.68)
        depth = generator.uniform(0.5...1)
        width = generator.uniform(0.007...0.013)
    }
}

extension Mark {
    /// The ridge's pigment: a row of dark fields of different lengths, some extending down one flank.
    fileprivate static func ridge(_ generator: inout SeededGenerator) -> [Mark] {
        var marks: [Mark] = []
        var along = generator.uniform(0.38...0.46)
        let end = generator.uniform(0.6...0.74)
        while along < end {
            let length = generator.uniform(0.025...0.1)
            let spill = generator.chance(0.35) ? generator.uniform(0.15...0.5) * (generator.chance(0.5) ? 1 : -1) : 0
            marks.append(
                .patch(
                    Place(along + length / 2, spill), length: length,
                    width: generator.uniform(0.035...0.075) + abs(spill) * 0.12, angle: generator.uniform(-0.3...0.3),
                    outline: outline(&generator), shade: -generator.uniform(0.6...0.95)))
            along += length + generator.uniform(0.015...0.09)
        }
        return marks
    }

    fileprivate static func drawnPatch(_ shading: Shading, _ generator: inout SeededGenerator) -> Mark {
        .patch(
            Place(generator.uniform(0.12...0.8), generator.uniform(-1.25...1.25)),
            length: generator.uniform(0.07...0.16), width: generator.uniform(0.05...0.1),
            angle: generator.uniform(-0.8...0.8), outline: outline(&generator),
            shade: shading.shade(0.35...0.75, &generator))
    }

    fileprivate static func drawnScar(_ shading: Shading, _ generator: inout SeededGenerator) -> Mark {
        let middle = Place(generator.uniform(0.16...0.85), generator.uniform(-1.4...1.4))
        let length = generator.uniform(0.06...0.2)
        let angle = generator.uniform(-1.3...1.3)
        let (x, y) = (length / 2 * cos(angle), length / 2 * sin(angle) / Hide.girth)
        return .scar(
            from: Place(middle.along - x, middle.around - y), to: Place(middle.along + x, middle.around + y),
            bow: generator.normal(deviation: 0.02), width: generator.uniform(0.012...0.022),
            shade: shading.shade(0.5...0.95, &generator))
    }

    fileprivate static func drawnRake(_ shading: Shading, _ generator: inout SeededGenerator) -> Mark {
        .rake(
            Place(generator.uniform(0.2...0.8), generator.uniform(-1.2...1.2)),
            angle: generator.uniform(-1.3...1.3), length: generator.uniform(0.05...0.13),
            spacing: generator.uniform(0.016...0.03), count: generator.integer(in: 3..<6),
            shade: shading.shade(0.5...0.9, &generator))
    }

    fileprivate static func drawnWound(_ shading: Shading, _ generator: inout SeededGenerator) -> Mark {
        .wound(
            Place(generator.uniform(0.15...0.85), generator.uniform(-1.2...1.2)),
            radius: generator.uniform(0.014...0.03), shade: shading.shade(0.6...0.95, &generator))
    }

    fileprivate static func drawnMottling(_ shading: Shading, _ generator: inout SeededGenerator) -> Mark {
        let (length, width) = (generator.uniform(0.06...0.14), generator.uniform(0.03...0.08))
        let spots = (0..<generator.integer(in: 8..<26)).map { _ in
            Spot(
                x: generator.normal(deviation: length / 2), y: generator.normal(deviation: width / 2),
                radius: generator.uniform(0.003...0.011))
        }
        return .mottling(
            Place(generator.uniform(0.15...0.8), generator.uniform(-1.6...1.6)), spots: spots,
            shade: shading.shade(0.35...0.7, &generator))
    }

    private static func outline(_ generator: inout SeededGenerator) -> [Double] {
        (0..<9).map { _ in generator.uniform(0.6...1.25) }
    }
}
