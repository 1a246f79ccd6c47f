import Basics
import Foundation

/// The water, light and sea shared by all photographs of an encounter.
///
/// It depends only on the encounter, so that it reveals nothing about the whale.
struct Weather: Sendable {
    /// Colour of deep water: red, green and blue within 0...1.
    let water: Vector
    /// The colour of the mirrored sky.
    let sky: Vector
    /// The exponent of light's attenuation over a body length of water.
    let turbidity: Float
    /// The direction to the sun.
    let sun: Vector
    /// Direct and scattered light.
    let sunlight, daylight: Float
    /// The water's roughness, within 0...1.
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
