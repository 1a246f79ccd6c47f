import Drawing
import Foundation
import Imaging

/// A whale's skin spread out flat, drawn once with Cairo and used for every view.
///
/// Columns run from the snout to the tail, rows run around the body, with the middle of the back half-way down the
/// body's part and the left flank below it. Fluke and flippers are in a strip below.
struct Hide: Sendable {
    static let width = 640
    static let bodyHeight = 384
    static let height = 520
    /// The fluke's area, from the right tip at the left end to the left tip, with its trailing edge at the bottom.
    static let fluke = Rect(x: 8, y: 396, width: 256, height: 112)
    /// The area of both flippers, with the tip at the right end.
    static let flipper = Rect(x: 288, y: 396, width: 128, height: 112)
    /// The length of one radian around the body, as a share of body length; narrower parts are stretched.
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

    /// The position of a place in the raster's pixels.
    static func point(_ place: Place) -> Point {
        Point(place.along * Double(width), (place.around / (2 * .pi) + 0.5) * Double(bodyHeight))
    }
}

extension Canvas {
    /// Draws the features of every beluga: a slightly darker back and head, a pale belly, creases of the neck.
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

    /// Draws blowhole, eyes and mouth.
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

    /// Draws fluke and flippers: skin with a rim that darkens with age.
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

extension Canvas {
    /// Draws a field on the hide with a soft, uneven edge and freckles around it.
    func draw(_ field: Livery.Field) {
        // Successively smaller fills make a soft edge; together they have the full strength.
        let soft = min(0.035, 0.22 * (field.back - field.front))
        let margins = (0..<9).map { soft * (0.5 - Double($0) / 8) }
        let layer = field.tint.opacity(1 - pow(1 - field.strength, 1 / Double(margins.count)))
        for margin in margins { fill(field.path(margin: margin), layer) }
        for freckle in field.freckles {
            fill(
                .circle(center: Hide.point(freckle.place), radius: freckle.radius * Double(Hide.width)),
                field.tint.opacity(0.45 * field.strength))
        }
    }
}

extension Livery.Field {
    /// The outline, widened by `margin` as a share of the body's length.
    fileprivate func path(margin: Double) -> Path {
        let reach = reach + margin / Hide.girth
        let (middle, half) = ((front + back) / 2, (back - front) / 2)
        let steps = Self.edgeSteps
        func edge(_ side: Double, _ strays: ArraySlice<Double>) -> [Point] {
            zip(0..., strays).map { index, stray in
                let share = 2 * (Double(index) + 0.5) / Double(steps) - 1
                // A field that ends on the flanks narrows towards its end.
                let width = reach > .pi ? half : half * sqrt(1 - share * share)
                return Hide.point(Place(middle + side * (width + margin) + stray, share * reach))
            }
        }
        return .smooth(edge(-1, edges.prefix(steps)) + edge(1, edges.suffix(steps)).reversed(), closed: true)
    }
}

extension Canvas {
    /// Draws a mark on the hide.
    func draw(_ mark: Mark) {
        switch mark {
        case .scar(let start, let end, let bow, let width, let shade):
            drawScar(from: Hide.point(start), to: Hide.point(end), bow: bow, width: width, shade: shade)
        case .rake(let place, let angle, let length, let spacing, let count, let shade):
            drawRake(Hide.point(place), angle, length, spacing, count, shade)
        case .wound(let place, let radius, let shade):
            drawWound(Hide.point(place), radius, shade)
        case .patch(let place, let length, let width, let angle, let outline, let shade):
            drawPatch(
                Hide.point(place), Size(length * scale / 2, width * scale / 2), angle, outline, shade)
        case .mottling(let place, let spots, let shade):
            let middle = Hide.point(place)
            for spot in spots {
                let center = Point(middle.x + spot.x * scale, middle.y + spot.y * scale)
                fill(.circle(center: center, radius: spot.radius * scale), pigment(shade))
            }
        }
    }

    /// Draws a notch: a dark cleft between pale lips.
    func draw(_ notch: Whale.Notch) {
        let (top, bottom) = (Hide.point(Place(notch.along, -0.3)), Hide.point(Place(notch.along, 0.3)))
        let width = notch.width * scale
        fill(.blade(from: top, to: bottom, bow: 0.15 * width, width: 2.2 * width), pigment(0.2))
        fill(.blade(from: top, to: bottom, bow: 0.15 * width, width: 1.2 * width), pigment(-0.85 * notch.depth))
    }

    private var scale: Double { Double(Hide.width) }

    private func pigment(_ shade: Double) -> Color {
        (shade < 0 ? Color(hex: 0x35302B) : Color(hex: 0xFBF8F1)).opacity(abs(shade))
    }

    /// Draws a scar with a soft edge and thin ends.
    private func drawScar(from start: Point, to end: Point, bow: Double, width: Double, shade: Double) {
        for (factor, opacity) in [(1.7, 0.3), (1.15, 0.5), (0.6, 0.5)] {
            let blade = Path.blade(from: start, to: end, bow: bow * scale, width: factor * width * scale)
            fill(blade, pigment(opacity * shade))
        }
    }

    private func drawRake(
        _ middle: Point, _ angle: Double, _ length: Double, _ spacing: Double, _ count: Int, _ shade: Double
    ) {
        for index in 0..<count {
            let offset = (Double(index) - Double(count - 1) / 2) * spacing * scale
            // The outer teeth leave shorter cuts.
            let half = length * scale / 2 * (1 - 0.25 * abs(Double(index) / Double(count - 1) - 0.5))
            let center = Point(middle.x - sin(angle) * offset, middle.y + cos(angle) * offset)
            let (x, y) = (cos(angle) * half, sin(angle) * half)
            drawScar(
                from: Point(center.x - x, center.y - y), to: Point(center.x + x, center.y + y), bow: 0.008,
                width: 0.012, shade: shade)
        }
    }

    /// Draws a healed wound: a pit with a pale crescent where light catches its rim.
    private func drawWound(_ center: Point, _ radius: Double, _ shade: Double) {
        let radius = radius * scale
        fill(
            .circle(center: center, radius: 1.3 * radius),
            with: .radial(
                center: center, radius: 1.3 * radius,
                stops: [
                    (0, pigment(shade)), (0.45, pigment(0.85 * shade)), (0.7, pigment(0.4 * shade)),
                    (1, pigment(shade).opacity(0)),
                ]))
        let lip = Point(center.x - 0.9 * radius, center.y)
        fill(
            .blade(
                from: Point(lip.x, lip.y - 0.9 * radius), to: Point(lip.x, lip.y + 0.9 * radius), bow: 0.7 * radius,
                width: 0.5 * radius), pigment(-0.4 * shade))
    }

    private func drawPatch(_ center: Point, _ radii: Size, _ angle: Double, _ outline: [Double], _ shade: Double) {
        // Successively smaller fills make a soft edge; together they have the full opacity.
        let factors = [1.2, 1.13, 1.06, 1, 0.93, 0.86, 0.8]
        let layer = copysign(1 - pow(1 - abs(shade), 1 / Double(factors.count)), shade)
        for factor in factors {
            let points = outline.enumerated().map { index, radius in
                let turn = 2 * .pi * Double(index) / Double(outline.count)
                let (x, y) = (radii.width * radius * factor * cos(turn), radii.height * radius * factor * sin(turn))
                return Point(center.x + x * cos(angle) - y * sin(angle), center.y + x * sin(angle) + y * cos(angle))
            }
            fill(.smooth(points, closed: true), pigment(layer))
        }
    }
}

extension Path {
    /// An arc that is thick in its middle and pointed at its ends.
    fileprivate static func blade(from start: Point, to end: Point, bow: Double, width: Double) -> Path {
        let (x, y) = (end.x - start.x, end.y - start.y)
        let length = max(1, hypot(x, y))
        func edge(_ side: Double) -> [Point] {
            (0...10).map { index in
                let share = Double(index) / 10
                let half = width / 2 * sqrt(sin(.pi * min(max(share, 0.001), 0.999)))
                let offset = 4 * bow * share * (1 - share) + side * half
                return Point(start.x + x * share - y / length * offset, start.y + y * share + x / length * offset)
            }
        }
        return .smooth(edge(1) + edge(-1).reversed(), closed: true)
    }
}
