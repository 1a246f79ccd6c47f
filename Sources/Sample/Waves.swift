import Foundation

/// The water's surface over a picture: its height at every pixel.
struct Waves {
    let width: Int
    let height: Int
    /// About -1...1 at each pixel, row by row.
    private let heights: [Float]
    private let amplitude: Float

    init(_ weather: Weather, camera: Camera, noise: Noise, width: Int, height: Int) {
        self.width = width
        self.height = height
        amplitude = weather.chop
        let frequency = 2 / (weather.waveLength * camera.scale)
        let (sine, cosine) = (weather.waveAngle.sine, weather.waveAngle.cosine)
        // Water that lies away from the camera is foreshortened.
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

    /// Folded noise: its crests are sharper than its troughs, but no edges.
    private static func crested(_ noise: Float) -> Float { 1.1 - 2 * (noise * noise + 0.006).squareRoot() }

    /// Height of a pixel's water, about -1...1 in rough weather.
    func height(_ column: Int, _ row: Int) -> Float { amplitude * heights[row * width + column] }

    /// How the surface falls to the right and downwards at a pixel, about -1...1.
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
