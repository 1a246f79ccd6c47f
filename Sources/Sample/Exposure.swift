import Basics
import Catalog
import Foundation

/// What differs between photographs of an encounter: framing, focus, exposure, and foam and spray.
struct Exposure: Sendable {
    /// Pixels of the longer side.
    var longSide: Double
    /// The frame's sides relative to the whale's; below 1 a part of the whale is cut off.
    let margin: SIMD2<Double>
    /// The whale's offset from the frame's centre, as a share of the frame.
    let shift: SIMD2<Double>
    let gain: Float
    let contrast: Float
    /// White balance: red, green and blue factors.
    let balance: Vector
    /// Deviation of the blur in pixels for a longer side of 300 pixels; unequal if the camera moved.
    let blur: SIMD2<Float>
    let grain: Float
    let vignette: Float
    /// The amount of sky mirrored by the water, 1 on average.
    let glare: Float
    let foamStreaks: Int
    let isBlowing: Bool
    let quality: Int

    /// Faults of some photographs, so that no network identifies every whale.
    private enum Mishap: CaseIterable {
        case blur, glare, darkness, distance, spray
    }

    private static let mishapShare = 0.13

    init(_ viewpoint: Viewpoint, generator: inout SeededGenerator) {
        func draw(_ range: ClosedRange<Double>) -> Double { generator.uniform(range) }
        let mishap =
            draw(0...1) < Self.mishapShare
            ? Mishap.allCases[generator.integer(in: 0..<Mishap.allCases.count)] : nil
        // Most frames have a medium size; a distant whale has a small one.
        longSide = mishap == .distance ? draw(70...110) : exp(draw(log(190)...log(450)))
        margin =
            viewpoint == .top
            ? SIMD2(draw(1.0...1.2), draw(0.94...1.1)) : SIMD2(draw(0.94...1.1), draw(1.02...1.25))
        shift = SIMD2(draw(-0.03...0.03), draw(-0.03...0.03))
        gain = Float(mishap == .darkness ? draw(0.4...0.6) : draw(0.98...1.2))
        contrast = Float(draw(0.9...1.15))
        balance = Vector(Float(draw(0.96...1.04)), 1, Float(draw(0.95...1.05)))
        let focus = draw(0...1)
        let blur = mishap == .blur ? draw(3...5) : 0.3 + 0.7 * focus * focus * focus
        self.blur = SIMD2(Float(blur * draw(0.8...1.5)), Float(blur * draw(0.8...1.5)))
        grain = Float(draw(0.002...0.01))
        vignette = Float(draw(0...0.2))
        glare = Float(mishap == .glare ? draw(1.5...2) : draw(0.3...1))
        foamStreaks = draw(0...1) < 0.6 ? 0 : Int(draw(1...5))
        isBlowing = mishap == .spray || draw(0...1) < 0.05
        quality = Int(draw(62...94))
    }
}
