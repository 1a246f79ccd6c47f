import Testing

@testable import Imaging

@Suite struct NormalisationTests {
    @Test func `Planes are red, green, blue and hold (level / 255 - mean) / deviation`() {
        let picture = Raster(
            width: 2, height: 2, pixels: [0, 128, 255, 10, 20, 30, 1, 2, 3, 254, 253, 252])
        let levels: [[Float]] = [[0, 10, 1, 254], [128, 20, 2, 253], [255, 30, 3, 252]]
        for normalisation in [Normalisation.imageNet, .symmetric] {
            let batch = PixelBatch(
                [Raster(width: 2, height: 2), picture], indices: 4..<6, isMirrored: [false, true], size: 2,
                normalisation: normalisation)
            #expect(batch.values.count == 24)
            for channel in 0..<3 {
                for place in 0..<4 {
                    let level = levels[channel][place] / 255
                    let wanted = (level - normalisation.mean[channel]) / normalisation.deviation[channel]
                    #expect(batch.values[12 + 4 * channel + place] == wanted)
                }
            }
        }
    }
}
