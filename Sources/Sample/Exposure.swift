import Basics
import Catalog
import Foundation

/// What sets one photograph apart from the next: framing, focus, exposure, and what the water threw up just then.
struct Exposure: Sendable {
    /// Pixels of the longer side.
    var longSide: Double
    /// The frame's sides as factors on the whale's own; below 1 a part of it is cut off.
    let margin: SIMD2<Double>
    /// The whale's distance from the frame's middle, as a share of the frame.
    let shift: SIMD2<Double>
    let gain: Float
    let contrast: Float
    /// White balance: red, green and blue factors.
    let balance: Vector
    /// Deviation of the blur in pixels of a picture whose longer side has 300; unequal where the camera moved.
    let blur: SIMD2<Float>
    let grain: Float
    let vignette: Float
    /// How much sky the water mirrors, 1 on average.
    let glare: Float
    let foamStreaks: Int
    let isBlowing: Bool
    let quality: Int

    init(_ viewpoint: Viewpoint, generator: inout SeededGenerator) {
        func draw(_ range: ClosedRange<Double>) -> Double { generator.uniform(range) }
        // Most frames are of a middling size; a distant whale makes a small one.
        longSide = exp(draw(log(190)...log(450)))
        margin =
            viewpoint == .top
            ? SIMD2(draw(1.0...1.3), draw(0.9...1.1)) : SIMD2(draw(0.9...1.1), draw(1.05...1.4))
        shift = SIMD2(draw(-0.04...0.04), draw(-0.04...0.04))
        gain = Float(draw(0.92...1.25))
        contrast = Float(draw(0.85...1.2))
        balance = Vector(Float(draw(0.95...1.05)), 1, Float(draw(0.94...1.06)))
        let focus = draw(0...1)
        let blur = 0.3 + 1.3 * focus * focus * focus
        self.blur = SIMD2(Float(blur * draw(0.8...1.5)), Float(blur * draw(0.8...1.5)))
        grain = Float(draw(0.002...0.013))
        vignette = Float(draw(0...0.22))
        glare = Float(draw(0.4...1.5))
        foamStreaks = draw(0...1) < 0.5 ? 0 : Int(draw(1...6))
        isBlowing = draw(0...1) < 0.15
        quality = Int(draw(62...94))
    }
}
