import Drawing
import Imaging

/// A whale's skin spread out flat, drawn with Cairo once and then seen from every side.
///
/// Columns run from the snout to the tail, rows around the body: the back's middle lies half-way down the body's
/// part, the left flank below it. Fluke and flippers lie in a strip beneath.
struct Hide: Sendable {
    static let width = 640
    static let bodyHeight = 384
    static let height = 520
    /// Where the fluke lies, from the right tip at the left end to the left one, its trailing edge below.
    static let fluke = Rect(x: 8, y: 396, width: 256, height: 112)
    /// Where either flipper lies, its tip at the right end.
    static let flipper = Rect(x: 288, y: 396, width: 128, height: 112)
    /// The length on the hide of one radian around it, as a share of the body's: a waist's girth is spread out.
    static let girth = Double(bodyHeight) / (2 * .pi) / Double(width)

    let raster: Raster

    init(of whale: Whale) throws {
        let skin = whale.livery.skin
        raster = try Canvas.raster(width: Self.width, height: Self.height, background: skin) { canvas in
            canvas.drawLimbs(of: whale)
            canvas.saved {
                canvas.clip(
                    to: .rectangle(Rect(x: 0, y: 0, width: Double(Self.width), height: Double(Self.bodyHeight))))
                for field in whale.livery.fields { canvas.draw(field) }
                canvas.drawCountershading()
                for mark in whale.marks { canvas.draw(mark) }
                for notch in whale.notches { canvas.draw(notch) }
                canvas.drawFace()
            }
        }
    }

    /// Where a place lies, in the raster's pixels.
    static func point(_ place: Place) -> Point {
        Point(place.along * Double(width), (place.around / (2 * .pi) + 0.5) * Double(bodyHeight))
    }
}

extension Canvas {
    /// What every beluga has in common: a slightly darker back and head, a pale belly, creases of the neck.
    fileprivate func drawCountershading() {
        let (width, height) = (Double(Hide.width), Double(Hide.bodyHeight))
        let dark = Color.black
        fill(
            .rectangle(Rect(x: 0, y: 0, width: width, height: height)),
            with: .linear(
                from: Point(0, 0), to: Point(0, height),
                stops: [
                    (0, dark.opacity(0)), (0.3, dark.opacity(0.02)), (0.5, dark.opacity(0.07)),
                    (0.7, dark.opacity(0.02)), (1, dark.opacity(0)),
                ]))
        fill(
            .rectangle(Rect(x: 0, y: 0, width: width, height: height)),
            with: .linear(
                from: Point(0, 0), to: Point(width, 0),
                stops: [
                    (0, dark.opacity(0.1)), (0.12, dark.opacity(0)), (0.75, dark.opacity(0)),
                    (1, dark.opacity(0.16)),
                ]))
        for (along, strength) in [(0.155, 0.1), (0.172, 0.07)] {
            let crease = [-1.3, -0.6, 0, 0.6, 1.3].map { Hide.point(Place(along + 0.012 * $0 * $0, $0)) }
            stroke(.smooth(crease), Color.black.opacity(strength), width: 3)
        }
    }

    /// Blowhole, eyes and mouth.
    fileprivate func drawFace() {
        let blowhole = [-0.2, -0.08, 0.08, 0.2].map { Hide.point(Place(0.112 + 0.25 * $0 * $0, $0)) }
        stroke(.smooth(blowhole), Color(hex: 0x2B2723).opacity(0.75), width: 3.5)
        for side in [-1.0, 1] {
            let eye = Hide.point(Place(0.088, 1.72 * side))
            fill(
                .circle(center: eye, radius: 9),
                with: .radial(
                    center: eye, radius: 9,
                    stops: [
                        (0, Color.black.opacity(0.85)), (0.4, Color.black.opacity(0.8)), (1, Color.black.opacity(0)),
                    ]))
            let mouth = [0.008, 0.03, 0.055, 0.072].map { Hide.point(Place($0, (2.05 - 4.5 * $0 * $0) * side)) }
            stroke(.smooth(mouth), Color.black.opacity(0.45), width: 2.5)
        }
    }

    /// Fluke and flippers: skin with a rim that is darker the older the whale.
    fileprivate func drawLimbs(of whale: Whale) {
        let rim = Color(hex: 0x3A3632)
        let (fluke, flipper) = (Hide.fluke, Hide.flipper)
        if let tint = whale.livery.limbs {
            for limb in [fluke, flipper] { fill(.rectangle(limb.inset(by: -8)), tint.opacity(0.85)) }
        }
        let strength = whale.rim
        fill(
            .rectangle(fluke.inset(by: -8)),
            with: .linear(
                from: Point(fluke.x, fluke.y), to: Point(fluke.x, fluke.maxY),
                stops: [
                    (0, rim.opacity(0.35 * strength)), (0.12, rim.opacity(0.1)), (0.55, rim.opacity(0.1)),
                    (1, rim.opacity(strength)),
                ]))
        fill(
            .rectangle(flipper.inset(by: -8)),
            with: .linear(
                from: Point(flipper.x, flipper.y), to: Point(flipper.maxX, flipper.y),
                stops: [(0, rim.opacity(0.05)), (0.5, rim.opacity(0.2 * strength)), (1, rim.opacity(strength))]))
    }
}
