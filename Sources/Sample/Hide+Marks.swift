import Drawing
import Foundation

extension Canvas {
    /// Draws a mark on the spread hide.
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

    /// A notch as the skin shows it: a dark cleft between pale lips.
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

    /// Scar tissue is soft at its edge and thin at its ends.
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
            // The outer teeth bite less.
            let half = length * scale / 2 * (1 - 0.25 * abs(Double(index) / Double(count - 1) - 0.5))
            let center = Point(middle.x - sin(angle) * offset, middle.y + cos(angle) * offset)
            let (x, y) = (cos(angle) * half, sin(angle) * half)
            drawScar(
                from: Point(center.x - x, center.y - y), to: Point(center.x + x, center.y + y), bow: 0.008,
                width: 0.012, shade: shade)
        }
    }

    /// Healed skin is drawn in: a pit with a pale crescent where the light catches its lip.
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
        // Fills, each smaller, make an edge that is not sharp; together they have the whole opacity.
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
