import Basics
import Foundation

/// What all photographs of an encounter share: water, light and sea.
///
/// It follows from the encounter alone, so that it tells nothing of the whale.
struct Weather: Sendable {
    /// Colour of water without a ground, red, green and blue within 0...1.
    let water: Vector
    /// What the surface mirrors.
    let sky: Vector
    /// Share of light that is lost on a body length of water, as the exponent.
    let turbidity: Float
    /// Towards the sun.
    let sun: Vector
    /// Direct and scattered light.
    let sunlight, daylight: Float
    /// How rough the water is, within 0...1.
    let chop: Float
    /// Direction of the waves, radians.
    let waveAngle: Float
    /// Body lengths from crest to crest.
    let waveLength: Float

    /// Estuaries are brown and green, the open sea blue and grey.
    private static let waters: [Vector] = [
        Vector(0.31, 0.31, 0.21), Vector(0.22, 0.30, 0.23), Vector(0.13, 0.29, 0.30), Vector(0.20, 0.30, 0.38),
        Vector(0.11, 0.17, 0.22), Vector(0.27, 0.33, 0.33),
    ]

    init(seed: UInt64, encounter: String) {
        var generator = SeededGenerator(seed: seed, "weather", encounter)
        func draw(_ range: ClosedRange<Double>) -> Float { Float(generator.uniform(range)) }
        let first = generator.integer(in: 0..<Self.waters.count)
        let second = generator.integer(in: 0..<Self.waters.count)
        let share = Float(generator.uniform(0...0.6))
        water = Self.waters[first] + (Self.waters[second] - Self.waters[first]) * share
        turbidity = draw(0.5...1.3)
        let overcast = draw(0...1)
        sky = Vector(0.62, 0.74, 0.88) + (Vector(0.78, 0.79, 0.80) - Vector(0.62, 0.74, 0.88)) * overcast
        sunlight = 0.55 * (1 - 0.75 * overcast)
        daylight = 0.5 + 0.25 * overcast
        let (azimuth, elevation) = (draw(0...2 * .pi), draw(0.45...1.15))
        sun = Vector(azimuth.cosine * elevation.cosine, azimuth.sine * elevation.cosine, elevation.sine)
        chop = draw(0.15...1)
        waveAngle = draw(0 ... .pi)
        waveLength = draw(0.07...0.2)
    }
}
