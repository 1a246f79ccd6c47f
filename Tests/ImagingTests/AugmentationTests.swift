import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct AugmentationTests {
    /// The default strengths of the configuration.
    private let usual = Augmentation(
        flip: .off, crop: 0.7, brightness: 0.2, contrast: 0.2, shift: 0.2, scale: 0.5, rotate: 10, cutout: 0.4)
    private let photograph = Raster.asymmetric(width: 96, height: 60)

    private func draws(_ augmentation: Augmentation, count: Int = 4000) -> [AugmentationDraw] {
        (0..<count).map { augmentation.draw(seed: 1, epoch: 2, imageID: "image\($0)") }
    }

    /// The share of 4000 draws with a property; 0.03 is more than three standard deviations.
    private func share(_ draws: [AugmentationDraw], _ property: (AugmentationDraw) -> Bool) -> Double {
        Double(draws.filter(property).count) / Double(draws.count)
    }

    @Test func `The same seed, epoch and image give the same bytes, and a change of any gives others`() throws {
        let results = try [(1, 0, "a"), (1, 0, "a"), (2, 0, "a"), (1, 1, "a"), (1, 0, "b")].map { seed, epoch, id in
            try usual.draw(seed: UInt64(seed), epoch: epoch, imageID: id).applied(to: photograph, size: 48)
        }
        #expect(results[0] == results[1])
        #expect(Set(results.map(\.pixels)).count == 4)
    }

    @Test func `Without strengths a photograph is only stretched`() throws {
        let plain = photograph.resized(width: 48, height: 48)
        for draw in draws(Augmentation(), count: 20) { #expect(try draw.applied(to: photograph, size: 48) == plain) }
    }

    @Test func `Flip off never mirrors, and the other values mirror half`() throws {
        #expect(draws(usual).allSatisfy { !$0.isMirrored })
        for flip in [Augmentation.Flip.same, .new] {
            var augmentation = usual
            augmentation.flip = flip
            #expect(abs(share(draws(augmentation)) { $0.isMirrored } - 0.5) < 0.03)
        }
        var mirrored = AugmentationDraw()
        mirrored.isMirrored = true
        #expect(
            try mirrored.applied(to: photograph, size: 48) == photograph.resized(width: 48, height: 48).mirrored())
    }

    @Test func `Changing one strength does not affect the other changes`() {
        var other = usual
        other.rotate = 0
        other.cutout = 0
        other.flip = .same
        for (one, two) in zip(draws(usual, count: 50), draws(other, count: 50)) {
            #expect(
                (one.addition, one.factor, one.scale, one.shiftX) == (two.addition, two.factor, two.scale, two.shiftX))
            #expect(one.crop == two.crop)
        }
    }

    @Test func `Draws stay within their limits and have the recipe's frequencies`() {
        let draws = draws(usual)
        #expect(abs(share(draws) { $0.addition != 0 } - 0.75) < 0.03)
        #expect(abs(share(draws) { $0.factor != 1 } - 0.75) < 0.03)
        #expect(abs(share(draws) { $0.rotation != 0 } - 0.75) < 0.03)
        #expect(abs(share(draws) { $0.cutout != nil } - 0.5) < 0.03)
        #expect(draws.allSatisfy { abs($0.addition) <= 0.2 && abs($0.factor - 1) <= 0.2 && abs($0.rotation) <= 10 })
        #expect(draws.allSatisfy { abs($0.shiftX) <= 0.2 && abs($0.shiftY) <= 0.2 && abs($0.scale - 1) <= 0.5 })
        #expect((draws.map(\.scale).min() ?? 1) < 0.51 && (draws.map(\.scale).max() ?? 1) > 1.49)
        for draw in draws {
            let (area, shape) = (draw.crop.width * draw.crop.height, draw.crop.width / draw.crop.height)
            #expect(area >= 0.7 - 1e-12 && area <= 1 + 1e-12)
            #expect(shape >= 0.75 - 1e-12 && shape <= 4.0 / 3 + 1e-12)
            #expect(draw.crop.x >= 0 && draw.crop.x + draw.crop.width <= 1 + 1e-12)
            #expect(draw.crop.y >= 0 && draw.crop.y + draw.crop.height <= 1 + 1e-12)
        }
    }

    @Test func `The cut-out is a black square of its share, without the part beyond the edge`() throws {
        let white = Raster(width: 50, height: 50, red: 255, green: 255, blue: 255)
        var draw = AugmentationDraw()
        func blackPixels() throws -> Int {
            let result = try draw.applied(to: white, size: 50)
            return stride(from: 0, to: result.pixels.count, by: 3).filter { result.pixels[$0] == 0 }.count
        }
        draw.cutout = .init(centerX: 0.5, centerY: 0.5, side: 0.4)
        #expect(try blackPixels() == 20 * 20)
        // Albumentations shifts a square at the left and upper edges and cuts it at the right and lower ones.
        draw.cutout = .init(centerX: 0, centerY: 0.1, side: 0.4)
        #expect(try blackPixels() == 20 * 20)
        draw.cutout = .init(centerX: 0.99, centerY: 0.5, side: 0.4)
        #expect(try blackPixels() == 11 * 20)
    }

    @Test func `Brightness adds a share of white, then contrast multiplies, within 0 and 255`() throws {
        var draw = AugmentationDraw()
        draw.addition = 0.1
        draw.factor = 1.5
        let levels: [(UInt8, UInt8)] = [(0, 37), (100, 187), (140, 247), (250, 255)]
        for (level, wanted) in levels {
            let grey = Raster(width: 4, height: 4, red: level, green: level, blue: level)
            #expect(
                try draw.applied(to: grey, size: 4)
                    == Raster(width: 4, height: 4, red: wanted, green: wanted, blue: wanted)
            )
        }
    }

    @Test func `Brightening leaves the border black`() throws {
        var draw = AugmentationDraw()
        draw.addition = 0.2
        draw.scale = 0.5
        let result = try draw.applied(to: photograph, size: 48)
        #expect(result[0, 0] == (0, 0, 0) && result[47, 30] == (0, 0, 0))
        #expect(result[24, 24] != (0, 0, 0))
    }

    @Test func `Crop, scale, rotation and mirroring in one step equal the separate steps`() throws {
        for number in 0..<30 {
            var augmentation = usual
            (augmentation.flip, augmentation.cutout) = (.same, 0)
            (augmentation.brightness, augmentation.contrast) = (0, 0)
            let draw = augmentation.draw(seed: 3, epoch: 0, imageID: "\(number)")
            let size = 64
            let composed = try draw.applied(to: photograph, size: size)
            // Crop and stretch at four times the size, mirror, rotate about the centre, and reduce.
            let fine = 4 * size
            let region = Region(
                x: draw.crop.x * 96, y: draw.crop.y * 60, width: min(draw.crop.width * 96, 96 - draw.crop.x * 96),
                height: min(draw.crop.height * 60, 60 - draw.crop.y * 60))
            let stretched = photograph.resized(width: fine, height: fine, filter: .bicubic, from: region)
            let mirrored = draw.isMirrored ? stretched.mirrored() : stretched
            let half = Double(fine) / 2
            let back = AffineMap.shift(x: -half - draw.shiftX * 2 * half, y: -half - draw.shiftY * 2 * half)
                .then(.rotation(degrees: -draw.rotation)).then(.scale(x: 1 / draw.scale, y: 1 / draw.scale))
                .then(.shift(x: half, y: half))
            let stepwise = mirrored.warped(width: fine, height: fine, source: back).resized(width: size, height: size)
            // Smoothing differs only at the border between black and picture: a few per cent of the pixels.
            #expect(composed.difference(from: stepwise).mean < 2.5, "\(draw)")
            // They agree in the middle, which a small picture that is shifted far does not always cover.
            if draw.scale < 0.8 { continue }
            let inner = composed.cropped(x: 26, y: 26, width: 12, height: 12)
            let innerStepwise = stepwise.cropped(x: 26, y: 26, width: 12, height: 12)
            #expect(inner.difference(from: innerStepwise).largest <= 6, "\(draw)")
        }
    }

    @Test func `A photograph smaller than the square is magnified correctly`() throws {
        let tiny = Raster.asymmetric(width: 3, height: 1)
        for draw in draws(usual, count: 200) { #expect(try draw.applied(to: tiny, size: 32).width == 32) }
    }
}
