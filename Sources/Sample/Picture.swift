import Basics
import Catalog
import Drawing
import Foundation
import Imaging

/// The light of one photograph's scene, before the camera's lens and sensor.
struct Picture {
    let width: Int
    let height: Int
    private(set) var pixels: [Vector]

    init(
        of whale: Whale, hide: Hide, viewpoint: Viewpoint, weather: Weather, exposure: Exposure,
        generator: inout SeededGenerator
    ) throws {
        let pose = Pose.drawn(lateral: viewpoint.isLateral, generator: &generator)
        var camera = Camera.drawn(viewpoint, generator: &generator)
        let mesh = Body.mesh(of: whale, pose: pose)
        let frame = camera.frame(mesh, exposure: exposure, aboveOnly: viewpoint.isLateral)
        (width, height) = (frame.width, frame.height)
        let noise = ValueNoise(generator: &generator)
        let waves = Waves(weather, camera: camera, noise: noise, width: width, height: height)
        let fragments = Fragments(of: mesh, camera: camera, width: width, height: height)
        let body = BodyLayer(
            fragments, hide: hide, weather: weather, camera: camera, waves: waves, noise: noise)
        let head = camera.project(mesh.blowhole)
        let splash = try Splash(
            exposure, weather: weather, width: width, height: height, steepness: Double(camera.steepness),
            blowhole: Point(Double(head.x), Double(head.y)), generator: &generator)
        let water = Water(weather, camera: camera, exposure: exposure, noise: noise)
        var pixels: [Vector] = []
        pixels.reserveCapacity(width * height)
        for row in 0..<height {
            for column in 0..<width {
                let color = water.color(column, row, waves: waves, body: body)
                let foam = Float(splash.raster.pixels[3 * (row * width + column)]) / 255
                pixels.append(color + (water.foam - color) * foam)
            }
        }
        self.pixels = pixels
    }
}

extension Camera {
    /// Moves and scales the camera so that the whale fills the frame as in the exposure.
    ///
    /// `aboveOnly` ignores deep parts, which a low camera does not see.
    ///
    /// - Returns: The frame's size in pixels.
    fileprivate mutating func frame(
        _ mesh: Mesh, exposure: Exposure, aboveOnly: Bool
    ) -> (width: Int, height: Int) {
        var low = SIMD2<Float>(repeating: .infinity)
        var high = -low
        for vertex in mesh.vertices where !aboveOnly || vertex.position.z > -0.03 {
            let place = project(vertex.position)
            low = pointwiseMin(low, place)
            high = pointwiseMax(high, place)
        }
        let sides = SIMD2<Double>(high - low) * exposure.margin
        let density = exposure.longSide / sides.max()
        let size = sides * density
        let middle = SIMD2<Double>((low + high) / 2) * density
        scale = Float(density)
        origin = SIMD2<Float>(size * (0.5 + exposure.shift) - middle)
        return (Int(size.x.rounded()), Int(size.y.rounded()))
    }
}
