/// What the camera sees through and upon the water.
struct Water {
    /// Foam in this light.
    let foam: Vector
    private let weather: Weather
    private let noise: Noise
    /// Share of the sky that flat water mirrors towards the camera.
    private let mirror: Float
    private let pixelsPerWave: Float
    private let bodyLength: Float
    /// Where the sun's glint comes from, on the picture.
    private let glint: SIMD2<Float>

    init(_ weather: Weather, camera: Camera, exposure: Exposure, noise: Noise) {
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

    /// The colour of a pixel: water, the whale in it, and the sky upon both.
    func color(_ column: Int, _ row: Int, waves: Waves, body: BodyLayer) -> Vector {
        let slope = waves.slope(column, row, pixelsPerWave: pixelsPerWave)
        let (x, y) = (Float(column), Float(row))
        let pixel = body.pixels[row * body.width + column]
        // What lies below is displaced by the waves, what stands out of them is not.
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
