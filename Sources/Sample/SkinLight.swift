import Foundation

/// The light on skin above and below the water.
struct SkinLight {
    /// Wave height, in body lengths.
    private static let waveHeight: Float = 0.008

    private let hide: Hide
    private let weather: Weather
    private let camera: Camera
    private let noise: ValueNoise
    private let highlight: Vector
    /// The water's tint: the share of each colour that remains, relative to the clearest.
    private let tint: Vector

    init(hide: Hide, weather: Weather, camera: Camera, noise: ValueNoise) {
        self.hide = hide
        self.weather = weather
        self.camera = camera
        self.noise = noise
        highlight = (weather.sun + camera.toward).unit
        tint = weather.water / weather.water.max()
    }

    /// Adds a sample of skin at which the water's height is `level`, about -1...1.
    func add(_ fragment: Fragments.Fragment, level: Float, to pixel: inout BodyLayer.Pixel) {
        let above = fragment.height - level * Self.waveHeight
        let depth = max(0, -above)
        let dry = above.step(-0.001, 0.004)
        let facing = fragment.normal.dot(weather.sun)
        var color = hide.color(at: fragment.texel)
        // Fine unevenness of every skin, too small to distinguish whales.
        color *= 1 + 0.03 * noise(fragment.texel.x * 0.22, fragment.texel.y * 0.22)
        let dimming = 0.78 + 0.22 * max(0, fragment.normal.z)
        var light = weather.daylight * dimming + weather.sunlight * max(0, 0.25 + 0.75 * facing)
        if depth > 0 {
            let place = fragment.texel * 0.11
            let caustic = 1 - abs(noise(place.x + 3 * level, place.y)) * 2.2
            light *= 1 + 0.35 * weather.sunlight * max(0, caustic) * (depth * 30).clamped() * exp(-depth * 8)
        }
        color *= light
        // Light travels down to the skin and up again, at a slant to a low camera.
        let path = depth * (1 + 1 / max(0.5, camera.steepness))
        let seen = exp(-weather.turbidity * path)
        color *= Vector(repeating: 1) + (tint - 1) * (path * 4).clamped(0, 0.35)
        if dry > 0 {
            let shine = pow(max(0, fragment.normal.dot(highlight)), 36)
            color += Vector(repeating: 0.3 * shine * weather.sunlight * dry)
        }
        pixel.color += SIMD4(color * seen, seen)
        pixel.dry += dry
        pixel.waterline += (1 - abs(above) / 0.007).clamped()
    }
}

extension Hide {
    /// The skin's colour between pixels.
    fileprivate func color(at texel: SIMD2<Float>) -> Vector {
        let x = (texel.x - 0.5).clamped(0, Float(Self.width) - 1.01)
        let y = (texel.y - 0.5).clamped(0, Float(Self.height) - 1.01)
        let (column, row) = (Int(x), Int(y))
        let (u, v) = (x - Float(column), y - Float(row))
        let start = 3 * (row * Self.width + column)
        return raster.pixels.withUnsafeBufferPointer { pixels in
            func pixel(_ place: Int) -> Vector {
                Vector(Float(pixels[place]), Float(pixels[place + 1]), Float(pixels[place + 2]))
            }
            let upper = pixel(start) * (1 - u) + pixel(start + 3) * u
            let lower = pixel(start + 3 * Self.width) * (1 - u) + pixel(start + 3 * Self.width + 3) * u
            return (upper * (1 - v) + lower * v) / 255
        }
    }
}
