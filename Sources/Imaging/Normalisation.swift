/// The conversion of 8-bit levels to a network's input: (level / 255 - mean) / deviation, per channel.
public struct Normalisation: Sendable, Equatable, Codable {
    /// Red, green, blue, on a scale where white is 1.
    public let mean: [Float]
    /// Red, green, blue; above 0.
    public let deviation: [Float]

    /// ImageNet's statistics, used to train most weights.
    public static let imageNet = Normalisation(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
    /// Levels from -1 to 1, as for EfficientNet Lite weights.
    public static let symmetric = Normalisation(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])

    /// Creates a normalisation from three means and three deviations.
    public init(mean: [Float], deviation: [Float]) {
        precondition(
            mean.count == 3 && deviation.count == 3 && deviation.allSatisfy { $0 > 0 },
            "a normalisation needs three means and three deviations above 0")
        self.mean = mean
        self.deviation = deviation
    }

    /// Writes a picture as three planes, red first, each row by row from the top: `3 * width * height` floats.
    public func write(_ raster: Raster, to planes: UnsafeMutableBufferPointer<Float>) {
        let area = raster.width * raster.height
        precondition(planes.count == 3 * area, "\(planes.count) floats for \(raster.width) x \(raster.height) pixels")
        // A table, because multiplying by rounded reciprocals would differ from the definition in the last bit.
        let tables = (0..<3).flatMap { channel in
            (0...255).map { (Float($0) / 255 - mean[channel]) / deviation[channel] }
        }
        raster.pixels.withUnsafeBufferPointer { pixels in
            tables.withUnsafeBufferPointer { tables in
                guard let red = planes.baseAddress, let table = tables.baseAddress, var pixel = pixels.baseAddress
                else { return }
                let (green, blue) = (red + area, red + 2 * area)
                for index in 0..<area {
                    red[index] = table[Int(pixel[0])]
                    green[index] = table[256 + Int(pixel[1])]
                    blue[index] = table[512 + Int(pixel[2])]
                    pixel += 3
                }
            }
        }
    }
}

/// A batch of normalised pictures of one size.
public struct PixelBatch: Sendable {
    /// The indices of these photographs in the loader's list.
    public let indices: Range<Int>
    /// Whether each is the photograph's mirror image.
    public let isMirrored: [Bool]
    /// The side of the square pictures in pixels.
    public let size: Int
    /// Shape `[indices.count, 3, size, size]`, row-major.
    public let values: [Float]

    /// Normalises pictures, all of `size` x `size`, into one buffer.
    public init(
        _ pictures: [Raster], indices: Range<Int>, isMirrored: [Bool], size: Int, normalisation: Normalisation
    ) {
        let length = 3 * size * size
        self.indices = indices
        self.isMirrored = isMirrored
        self.size = size
        values = [Float](unsafeUninitializedCapacity: pictures.count * length) { buffer, count in
            for (slot, picture) in pictures.enumerated() {
                normalisation.write(
                    picture, to: UnsafeMutableBufferPointer(rebasing: buffer[slot * length..<(slot + 1) * length]))
            }
            count = pictures.count * length
        }
    }
}
