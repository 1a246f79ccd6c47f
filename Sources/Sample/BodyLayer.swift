import Foundation
import Imaging

/// The whale as the water lets it be seen, pixel by pixel.
struct BodyLayer {
    struct Pixel {
        /// Colour times the share of it that is seen, and that share as fourth.
        var color = SIMD4<Float>.zero
        /// Share of the pixel that stands out of the water.
        var dry: Float = 0
        /// Share of the pixel where skin and water meet.
        var waterline: Float = 0
    }

    let width: Int
    let height: Int
    private(set) var pixels: [Pixel]

    init(_ fragments: Fragments, hide: Hide, weather: Weather, camera: Camera, waves: Waves, noise: Noise) {
        let density = Fragments.perPixel
        width = fragments.width / density
        height = fragments.height / density
        pixels = Array(repeating: Pixel(), count: width * height)
        let light = SkinLight(hide: hide, weather: weather, camera: camera, noise: noise)
        let share = 1 / Float(density * density)
        for row in 0..<height {
            for column in 0..<width {
                var sum = Pixel()
                for sample in 0..<density * density {
                    let index =
                        (row * density + sample / density) * fragments.width + column * density + sample % density
                    let fragment = fragments.samples[index]
                    if fragment.isCovered { light.add(fragment, level: waves.height(column, row), to: &sum) }
                }
                sum.color *= share
                sum.dry *= share
                sum.waterline *= share
                pixels[row * width + column] = sum
            }
        }
    }

    /// The colour at a place between pixels, its edge repeated beyond it.
    func color(_ x: Float, _ y: Float) -> SIMD4<Float> {
        let x = x.clamped(0, Float(width) - 1.001)
        let y = y.clamped(0, Float(height) - 1.001)
        let (column, row) = (Int(x), Int(y))
        let (u, v) = (x - Float(column), y - Float(row))
        let first = row * width + column
        let second = first + (row + 1 < height ? width : 0)
        let next = column + 1 < width ? 1 : 0
        let upper = pixels[first].color * (1 - u) + pixels[first + next].color * u
        let lower = pixels[second].color * (1 - u) + pixels[second + next].color * u
        return upper * (1 - v) + lower * v
    }
}
