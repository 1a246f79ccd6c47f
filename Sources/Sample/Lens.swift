import Basics
import Foundation
import Imaging

extension Picture {
    /// The picture through lens and sensor: blurred, exposed and with grain.
    func photographed(_ exposure: Exposure, generator: inout SeededGenerator) -> Raster {
        let unit = Float(max(width, height)) / 300
        let columns = blurred(pixels, step: 1, length: width, deviation: exposure.blur.x * unit)
        let sharp = blurred(columns, step: width, length: height, deviation: exposure.blur.y * unit)
        let gain = exposure.balance * exposure.gain
        let bytes = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { bytes, count in
            for row in 0..<height {
                for column in 0..<width {
                    let x = 2 * Float(column) / Float(width) - 1
                    let y = 2 * Float(row) / Float(height) - 1
                    let corner = 1 - exposure.vignette * (x * x + y * y) / 2
                    let place = row * width + column
                    let light = sharp[place] * gain * corner
                    let tone = (light - 0.42) * exposure.contrast + 0.42 + Self.grain(&generator) * exposure.grain
                    for channel in 0..<3 { bytes[3 * place + channel] = Self.byte(tone[channel]) }
                }
            }
            count = 3 * width * height
        }
        return Raster(width: width, height: height, pixels: bytes)
    }

    /// Smooths with a Gaussian, along rows for a step of 1 and along columns for a step of the width.
    private func blurred(_ source: [Vector], step: Int, length: Int, deviation: Float) -> [Vector] {
        let radius = Int((2.5 * deviation).rounded(.up))
        if radius < 1 { return source }
        let weights = (-radius...radius).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
        let sum = weights.reduce(0, +)
        let kernel = weights.map { $0 / sum }
        return source.indices.map { index in
            let place = step == 1 ? index % width : index / width
            var result = Vector.zero
            for tap in -radius...radius {
                let neighbour = min(max(place + tap, 0), length - 1)
                result += source[index + (neighbour - place) * step] * kernel[tap + radius]
            }
            return result
        }
    }

    /// The sensor's response to light, which compresses highlights instead of clipping them.
    private static func byte(_ light: Float) -> UInt8 {
        let knee: Float = 0.75
        let light = max(0, light)
        let value = light < knee ? light : 1 - (1 - knee) * exp((knee - light) / (1 - knee))
        return UInt8((255 * value).rounded())
    }

    /// Nearly normal noise of deviation 1, mostly in brightness, a little in colour.
    private static func grain(_ generator: inout SeededGenerator) -> Vector {
        let bits = generator.next()
        func part(_ shift: UInt64) -> Float { Float(bits >> shift & 0xFFFF) / 65535 - 0.5 }
        let brightness = (part(0) + part(16)) * 2.4
        return Vector(brightness + part(32), brightness, brightness + part(48))
    }
}
