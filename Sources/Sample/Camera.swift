import Basics
import Catalog

/// A distant camera with parallel rays, so that distance affects only a whale's size in the picture.
struct Camera: Sendable {
    let right: Vector
    let up: Vector
    /// The direction from the whale to the camera.
    let toward: Vector
    /// Pixels per body length.
    var scale: Float = 1
    /// The position of the whale's origin in the picture, in pixels.
    var origin = SIMD2<Float>.zero

    /// Points the camera: `elevation` is the angle above the water's level, `azimuth` that from the direction of the
    /// flank, or of the tail for a view from above, and `tilt` the picture's rotation, all in radians.
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

    /// A camera as used in surveys: overhead from a drone, or from a boat's bridge.
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

    /// The steepness of the view down on the water: the sine of the elevation.
    var steepness: Float { toward.z }
}
