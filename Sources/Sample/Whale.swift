import Basics

/// A beluga: what of it lasts from one year to the next.
///
/// Its marks lie in coordinates of the body, so that one drawing of the hide serves every viewpoint.
struct Whale: Sendable {
    let id: String
    var build = Build()
    var livery = Livery()
    /// How much darker the rims of fluke and flippers are, within 0...1; it grows with age.
    var rim = 0.3
    var fluke = Fluke()
    /// Cuts in the dorsal ridge: a beluga has no dorsal fin.
    var notches: [Notch] = []
    var marks: [Mark] = []

    /// Proportions of the body; each is a factor on the average beluga's.
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
        /// How far the tips lie behind the root.
        var sweep = 1.0
        /// How far the trailing edge bulges on either side of the middle.
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
        /// Share of the body's length behind the snout.
        let along: Double
        /// Share of the ridge's height.
        let depth: Double
        /// Share of the body's length.
        let width: Double
    }

    /// Whales that differ, named by their numbers; each follows from the seed and its number alone.
    static func pod(of count: Int, seed: UInt64) -> [Whale] {
        (0..<count).map { number in
            var generator = SeededGenerator(seed: seed, "whale", "\(number)")
            return Whale(id: "whale\(PodPlan.padded(number, to: 3))", generator: &generator)
        }
    }
}
