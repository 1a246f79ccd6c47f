import Basics
import Catalog

/// A far camera: parallel rays, so that a whale's size on the picture is the only trace of distance.
struct Camera: Sendable {
    let right: Vector
    let up: Vector
    /// From the whale to the camera.
    let toward: Vector
    /// Pixels of a body length.
    var scale: Float = 1
    /// Where the whale's origin lies on the picture, in pixels.
    var origin = SIMD2<Float>.zero

    /// - Parameters:
    ///   - elevation: Radians above the water's level.
    ///   - azimuth: Radians from straight ahead of the flank, or of the tail for a view from above.
    ///   - tilt: Radians by which the picture is turned.
    init(_ viewpoint: Viewpoint, elevation: Float, azimuth: Float, tilt: Float) {
        let ahead: Vector =
            switch viewpoint {
            case .left: Vector(azimuth.sine, azimuth.cosine, 0)
            case .right: Vector(azimuth.sine, -azimuth.cosine, 0)
            default: Vector(-azimuth.cosine, azimuth.sine, 0)
            }
        toward = ahead * elevation.cosine + Vector(0, 0, elevation.sine)
        let level = Vector(-ahead.y, ahead.x, 0)
        let upright = toward.cross(level)
        right = level * tilt.cosine + upright * tilt.sine
        up = upright * tilt.cosine - level * tilt.sine
    }

    /// A camera as the surveys held it: overhead from a drone, or from a boat's bridge.
    static func drawn(_ viewpoint: Viewpoint, generator: inout SeededGenerator) -> Camera {
        let elevation = viewpoint == .top ? generator.uniform(1.3...1.5707) : generator.uniform(0.5...0.85)
        return Camera(
            viewpoint, elevation: Float(elevation), azimuth: Float(generator.normal(deviation: 0.09)),
            tilt: Float(generator.normal(deviation: viewpoint == .top ? 0.05 : 0.04)))
    }

    /// Column and row of a place, in pixels.
    func project(_ place: Vector) -> SIMD2<Float> {
        origin + SIMD2(place.dot(right), -place.dot(up)) * scale
    }

    /// How steeply the camera looks down on the water: the sine of its elevation.
    var steepness: Float { toward.z }
}
