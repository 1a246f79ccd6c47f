import Foundation

/// The appearance of the water: its surface and what is below.
struct Water {
    /// The colour of foam in this light.
    let foam: Vector
    private let weather: Weather
    private let noise: ValueNoise
    /// The share of the sky that flat water mirrors towards the camera.
    private let mirror: Float
    private let pixelsPerWave: Float
    private let bodyLength: Float
    /// The direction from which the sun's glint comes, in the picture.
    private let glint: SIMD2<Float>

    init(_ weather: Weather, camera: Camera, exposure: Exposure, noise: ValueNoise) {
        self.weather = weather
        self.noise = noise
        foam = Vector(repeating: 1) * (0.9 * (weather.daylight + 0.6 * weather.sunlight)).clamped(0, 0.95)
        let slant = 1 - camera.steepness
        mirror = (0.045 + 0.5 * slant * slant) * exposure.glare
        pixelsPerWave = weather.waveLength * camera.scale
        bodyLength = camera.scale
        let toSun = SIMD2(weather.sun.dot(camera.right), -weather.sun.dot(camera.up))
        glint = toSun / max(0.001, (toSun * toSun).sum().squareRoot())
    }

    /// The colour of a pixel: water, the whale in it, and the sky mirrored on both.
    func color(_ column: Int, _ row: Int, waves: Waves, body: BodyLayer) -> Vector {
        let slope = waves.slope(column, row, pixelsPerWave: pixelsPerWave)
        let (x, y) = (Float(column), Float(row))
        let pixel = body.pixels[row * body.width + column]
        // The waves displace what is below them, but not what is above.
        let bend = 0.008 * bodyLength * (1 - pixel.dry)
        let seen = bend < 0.05 ? pixel.color : body.color(x + slope.x * bend, y + slope.y * bend)
        let clouding = noise(1.6 * x / bodyLength + 11, 1.6 * y / bodyLength + 29)
        let ground = weather.water * (1 + 0.12 * clouding + 0.1 * waves.height(column, row))
        var color = ground * (1 - seen.w) + Vector(seen.x, seen.y, seen.z)

        let wet = 1 - pixel.dry
        let toSun = (slope * glint).sum()
        let sheen = mirror * (1 + 1.6 * slope.y + 0.8 * toSun).clamped(0, 3.5)
        color += (weather.sky - color) * (sheen * wet).clamped(0, 0.85)
        let spark = toSun.step(0.62, 1.05) * weather.sunlight * 0.85
        color += (Vector(repeating: 1) - color) * (spark * wet)
        if pixel.waterline > 0 {
            let froth = (0.35 + 0.65 * noise(x * 0.35, y * 0.35 + 3)).clamped()
            color += (foam - color) * (pixel.waterline * froth * 0.7 * weather.chop)
        }
        return color
    }
}

/// The water's surface over a picture: its height at every pixel.
struct Waves {
    let width: Int
    let height: Int
    /// About -1...1 at each pixel, row by row.
    private let heights: [Float]
    private let amplitude: Float

    init(_ weather: Weather, camera: Camera, noise: ValueNoise, width: Int, height: Int) {
        self.width = width
        self.height = height
        amplitude = weather.chop
        let frequency = 2 / (weather.waveLength * camera.scale)
        let (sine, cosine) = (weather.waveAngle.sine, weather.waveAngle.cosine)
        // Distant water is foreshortened.
        let stretch = 1 / max(0.2, camera.steepness)
        var heights: [Float] = []
        heights.reserveCapacity(width * height)
        for row in 0..<height {
            for column in 0..<width {
                let x = Float(column) * frequency
                let y = Float(row) * frequency * stretch
                let (along, across) = (x * cosine + y * sine, y * cosine - x * sine)
                let warp = noise(0.31 * along + 17, 0.31 * across + 5)
                let swell = noise(0.35 * across + warp, along + 1.2 * warp)
                let ripples = noise(1.1 * across + 31, 2.3 * along + 1.5 * warp)
                let fine = noise(3.1 * x + 7 + swell, 3.7 * y + 43)
                heights.append(0.7 * Self.crested(swell) + 0.3 * Self.crested(ripples) + 0.06 * fine)
            }
        }
        self.heights = heights
    }

    /// Folded noise, with crests sharper than troughs but without edges.
    private static func crested(_ noise: Float) -> Float { 1.1 - 2 * (noise * noise + 0.006).squareRoot() }

    /// Height of a pixel's water, about -1...1 in rough weather.
    func height(_ column: Int, _ row: Int) -> Float { amplitude * heights[row * width + column] }

    /// The slope of the surface to the right and downwards at a pixel, about -1...1.
    func slope(_ column: Int, _ row: Int, pixelsPerWave: Float) -> SIMD2<Float> {
        let center = row * width + column
        let beside = heights[column + 1 < width ? center + 1 : center - 1]
        let below = heights[row + 1 < height ? center + width : center - width]
        let factor = amplitude * pixelsPerWave * 0.22
        return SIMD2(
            (column + 1 < width ? heights[center] - beside : beside - heights[center]) * factor,
            (row + 1 < height ? heights[center] - below : below - heights[center]) * factor)
    }
}
