import CPixels

extension Raster {
    /// Adds a share of full white to each level, then multiplies; each step rounds down and stays within 0...255.
    mutating func changeLevels(addition: Double, factor: Double) {
        if addition == 0 && factor == 1 { return }
        func level(_ value: Double) -> Double { min(255, max(0, value)).rounded(.down) }
        let levels = (0...255).map { UInt8(level(level(Double($0) + 255 * addition) * factor)) }
        levels.withUnsafeBufferPointer { levels in
            pixels.withUnsafeMutableBufferPointer { pixels in
                for index in pixels.indices { pixels[index] = levels[Int(pixels[index])] }
            }
        }
    }

    /// Turns hues and adds to saturations, both limited to their scales; hue, saturation and value (the largest of the
    /// three levels, which stays) as in Smith, SIGGRAPH 1978.
    ///
    /// What has no colour gets none, as in Albumentations' `HueSaturationValue`, whose hues have no parts of a step.
    ///
    /// - Parameters:
    ///   - hue: In steps of 2 degrees.
    ///   - saturation: On a scale to 255.
    mutating func changeTint(hue: Double, saturation: Double) {
        if hue == 0 && saturation == 0 { return }
        // In sixths of the circle, within 0..<6.
        let part = Float((hue / 30).truncatingRemainder(dividingBy: 6))
        let turn = part < 0 ? part + 6 : part
        let addition = Float(saturation / 255)
        let count = width * height
        pixels.withUnsafeMutableBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            wb_tint(start, count, turn, addition)
        }
    }

    /// The picture with the losses of a JPEG file.
    ///
    /// - Throws: ``ImagingError/notEncoded(width:height:reason:)``.
    func throughJPEG(quality: Int) throws -> Raster {
        try PictureFile(jpeg(quality: quality, isHasty: true), name: "a picture of quality \(quality)").decoded()
    }
}
