import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct ColourTests {
    struct Reference: Decodable {
        struct Case: Decodable {
            let hue, saturation: Double
            let exact: [Double]
            let albumentations: [UInt8]
        }
        let width, height: Int
        let pixels: [UInt8]
        let cases: [Case]
    }

    @Test func `Hues turn and saturations change as in OpenCV and Albumentations`() throws {
        let reference = try Golden.decode(Reference.self, from: "tint.json")
        #expect(reference.cases.count == 8)
        for wanted in reference.cases {
            var tinted = Raster(width: reference.width, height: reference.height, pixels: reference.pixels)
            tinted.changeTint(hue: wanted.hue, saturation: wanted.saturation)
            let differences = zip(tinted.pixels, wanted.exact).map { abs(Double($0) - $1) }
            // Rounding loses half a level.
            #expect((differences.max() ?? 1) < 0.51, "\(wanted.hue) \(wanted.saturation)")
            let other = Raster(width: reference.width, height: reference.height, pixels: wanted.albumentations)
            // A hue rounded to 2 degrees may be off by 1, which is at most 255 / 60 levels. Half a level of saturation
            // adds to this, and more at the limit of colourless pixels.
            let difference = tinted.difference(from: other)
            #expect(difference.mean < 1, "\(wanted.hue) \(wanted.saturation): \(difference)")
        }
    }

    @Test func `A full turn without addition changes nothing, and greys stay grey`() {
        let picture = Raster.asymmetric(width: 30, height: 20)
        var turned = picture
        turned.changeTint(hue: 180, saturation: 0)
        #expect(turned == picture)
        turned.changeTint(hue: -360, saturation: 0)
        #expect(turned == picture)
        let grey = Raster(width: 3, height: 3, red: 120, green: 120, blue: 120)
        var tinted = grey
        tinted.changeTint(hue: 40, saturation: 40)
        #expect(tinted == grey)
    }

    @Test func `A draw changes the tint of three in four photographs, within its limits`() {
        let augmentation = Augmentation(hue: 40, saturation: 30)
        let draws = (0..<4000).map { augmentation.draw(seed: 1, epoch: 0, imageID: "\($0)") }
        // With 4000 draws, 0.03 is more than three standard deviations.
        #expect(abs(Double(draws.filter { $0.hue != 0 }.count) / 4000 - 0.75) < 0.03)
        #expect(
            draws.allSatisfy { abs($0.hue) <= 40 && abs($0.saturation) <= 30 && ($0.hue == 0) == ($0.saturation == 0) })
        #expect((draws.map(\.hue).max() ?? 0) > 39 && (draws.map(\.saturation).min() ?? 0) < -29)
    }

    @Test func `A draw gives a quality from the lowest to 99 with equal probability, or none`() {
        let augmentation = Augmentation(jpegQuality: 80)
        let draws = (0..<4000).map { augmentation.draw(seed: 1, epoch: 0, imageID: "\($0)").jpegQuality }
        let counts = Dictionary(grouping: draws, by: \.self).mapValues(\.count)
        #expect(Set(counts.keys) == Set((80...99).map(Optional.some)))
        // 200 each; 60 is more than four standard deviations.
        #expect(counts.values.allSatisfy { abs($0 - 200) < 60 })
        #expect(Augmentation().draw(seed: 1, epoch: 0, imageID: "a").jpegQuality == nil)
    }

    @Test func `JPEG compression is the first step`() throws {
        let picture = Raster.asymmetric(width: 48, height: 48)
        var draw = AugmentationDraw()
        draw.jpegQuality = 30
        let through = try PictureFile(picture.jpeg(quality: 30), name: "x").decoded()
        #expect(through != picture)
        #expect(try draw.applied(to: picture, size: 24) == through.resized(width: 24, height: 24))
    }

    @Test func `Draws added later do not change the earlier ones`() {
        let old = Augmentation(flip: .same, crop: 0.7, brightness: 0.2, scale: 0.5, cutout: 0.4)
        var new = old
        (new.hue, new.saturation, new.jpegQuality) = (40, 40, 80)
        for number in 0..<50 {
            let one = old.draw(seed: 3, epoch: 1, imageID: "\(number)")
            var other = new.draw(seed: 3, epoch: 1, imageID: "\(number)")
            (other.hue, other.saturation, other.jpegQuality) = (0, 0, nil)
            #expect(one == other)
        }
    }
}
