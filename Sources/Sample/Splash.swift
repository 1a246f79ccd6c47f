import Basics
import Drawing
import Foundation
import Imaging

/// Foam, spray and glare over the water and the whale in one photograph, drawn with Cairo in white on black.
struct Splash {
    let raster: Raster

    /// Draws the picture; the camera's steepness foreshortens anything flat on the water, and the blowhole's position
    /// is in pixels.
    init(
        _ exposure: Exposure, weather: Weather, width: Int, height: Int, steepness: Double, blowhole: Point,
        generator: inout SeededGenerator
    ) throws {
        let unit = Double(max(width, height)) / 300
        raster = try Canvas.raster(width: width, height: height, background: .black) { canvas in
            let size = Size(Double(width), Double(height))
            if exposure.glare > 1.1 { canvas.drawGlare(size, strength: Double(exposure.glare - 0.9), &generator) }
            canvas.saved {
                canvas.scale(by: 1, steepness)
                let sea = Size(size.width, size.height / steepness)
                for _ in 0..<exposure.foamStreaks {
                    canvas.drawFoam(sea, unit: unit, angle: Double(weather.waveAngle), &generator)
                }
            }
            if exposure.isBlowing { canvas.drawBlow(at: blowhole, unit: unit, &generator) }
        }
    }
}

extension Canvas {
    /// Draws broad areas of mirrored sky.
    fileprivate func drawGlare(_ size: Size, strength: Double, _ generator: inout SeededGenerator) {
        for _ in 0..<generator.integer(in: 1..<4) {
            let center = Point(generator.uniform(0...size.width), generator.uniform(0...size.height))
            let radius = max(size.width, size.height) * generator.uniform(0.15...0.45)
            let white = Color.white
            fill(
                .circle(center: center, radius: radius),
                with: .radial(
                    center: center, radius: radius,
                    stops: [
                        (0, white.opacity(0.4 * strength)), (0.4, white.opacity(0.22 * strength)),
                        (1, white.opacity(0)),
                    ]))
        }
    }

    /// Draws a streak of foam along the waves: many bubbles, dense in the middle.
    fileprivate func drawFoam(_ size: Size, unit: Double, angle: Double, _ generator: inout SeededGenerator) {
        let start = Point(generator.uniform(0...size.width), generator.uniform(0...size.height))
        let angle = angle + generator.normal(deviation: 0.3)
        let length = generator.uniform(15...70) * unit
        for _ in 0..<generator.integer(in: 30..<110) {
            let along = generator.normal(deviation: 0.4) * length
            let across = generator.normal(deviation: 0.055) * length + 4 * unit * sin(along / unit / 9)
            let center = Point(
                start.x + along * cos(angle) - across * sin(angle), start.y + along * sin(angle) + across * cos(angle))
            let radius = generator.uniform(0.5...1) * generator.uniform(0.6...4.2) * unit
            let opacity = generator.uniform(0.08...0.5)
            fill(
                .circle(center: center, radius: radius),
                with: .radial(
                    center: center, radius: radius,
                    stops: [
                        (0, Color.white.opacity(opacity)), (0.5, Color.white.opacity(0.7 * opacity)),
                        (1, Color.white.opacity(0)),
                    ]))
        }
    }

    /// Draws a whale's blow: a puff of mist with drops.
    fileprivate func drawBlow(at point: Point, unit: Double, _ generator: inout SeededGenerator) {
        let lean = generator.uniform(0...2 * .pi)
        for step in 0..<16 {
            let distance = Double(step) * 2.4 * unit
            let center = Point(
                point.x + distance * cos(lean) + generator.normal(deviation: 2 + 0.12 * distance),
                point.y + distance * sin(lean) + generator.normal(deviation: 2 + 0.12 * distance))
            let radius = (5 + 0.35 * distance) * generator.uniform(0.7...1.2)
            let opacity = 0.28 * (1 - Double(step) / 18)
            fill(
                .circle(center: center, radius: radius),
                with: .radial(
                    center: center, radius: radius,
                    stops: [(0, Color.white.opacity(opacity)), (1, Color.white.opacity(0))]))
        }
        for _ in 0..<50 {
            let distance = abs(generator.normal(deviation: 22)) * unit
            let angle = lean + generator.normal(deviation: 0.5)
            let center = Point(point.x + distance * cos(angle), point.y + distance * sin(angle))
            fill(
                .circle(center: center, radius: generator.uniform(0.3...0.9) * unit),
                Color.white.opacity(generator.uniform(0.3...0.9)))
        }
    }
}
