import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct FitTests {
    private let wide = Raster.asymmetric(width: 90, height: 30)

    @Test func `Stretching maps the whole picture to the whole square`() {
        #expect(wide.fitted(Framing(.stretch), size: 24) == wide.resized(width: 24, height: 24))
    }

    @Test func `A letterbox holds the whole picture in its shape between black bars`() {
        for picture in [wide, wide.turned(.turnedLeft)] {
            let boxed = picture.fitted(Framing(.letterbox), size: 24)
            let (width, height) = picture.width > picture.height ? (24, 8) : (8, 24)
            let (left, top) = ((24 - width) / 2, (24 - height) / 2)
            let whole = picture.resized(width: width, height: height)
            #expect(boxed.cropped(x: left, y: top, width: width, height: height) == whole)
            let lit = stride(from: 0, to: boxed.pixels.count, by: 3).filter { boxed.pixels[$0] > 0 }
            #expect(lit.count == width * height)
        }
        // 7 of 24 columns leave 17: 8 on the left, 9 on the right.
        let narrow = Raster(width: 7, height: 24, red: 9, green: 9, blue: 9).fitted(Framing(.letterbox), size: 24)
        #expect(narrow[7, 0] == (0, 0, 0) && narrow[8, 0] == (9, 9, 9) && narrow[15, 0] == (0, 0, 0))
        #expect(Raster(width: 500, height: 1).fitted(Framing(.letterbox), size: 24).width == 24)
    }

    @Test func `A crop keeps the middle square`() {
        let middle = wide.cropped(x: 30, y: 0, width: 30, height: 30)
        #expect(wide.fitted(Framing(.crop), size: 30) == middle)
        let region = Region(x: 30, y: 0, width: 30, height: 30)
        #expect(wide.fitted(Framing(.crop), size: 12) == wide.resized(width: 12, height: 12, from: region))
        let high = Raster.asymmetric(width: 20, height: 41)
        #expect(high.fitted(Framing(.crop), size: 20) == high.cropped(x: 0, y: 10, width: 20, height: 20))
    }

    @Test(arguments: Fit.allCases)
    func `All fits of a square picture are equal, and augmentation without strengths is the fit`(fit: Fit) throws {
        let square = Raster.asymmetric(width: 40, height: 40)
        #expect(square.fitted(Framing(fit), size: 24) == square.resized(width: 24, height: 24))
        let plain = Augmentation().draw(seed: 1, epoch: 0, imageID: "a")
        #expect(try plain.applied(to: wide, size: 24, fit: fit) == wide.fitted(Framing(fit), size: 24))
        var mirrored = AugmentationDraw()
        mirrored.isMirrored = true
        #expect(try mirrored.applied(to: wide, size: 24, fit: fit) == wide.fitted(Framing(fit), size: 24).mirrored())
    }

    @Test(arguments: Fit.allCases)
    func `A map moves the fitted picture`(fit: Fit) throws {
        var draw = AugmentationDraw()
        draw.shiftX = 0.25
        draw.shiftY = -0.125
        let large = Raster.asymmetric(width: 192, height: 96)
        let fitted = large.fitted(Framing(fit), size: 48)
        #expect(
            try draw.applied(to: large, size: 48, fit: fit)
                == fitted.warped(width: 48, height: 48, source: .shift(x: -12, y: 6)))
    }

    @Test(arguments: Fit.allCases)
    func `Training and inference see a large photograph in the same way`(fit: Fit) throws {
        let folder = try TemporaryFolder()
        let file = try folder.photograph("large", Raster.asymmetric(width: 500, height: 300).jpeg(quality: 95))
        let loader = PhotographLoader(size: 40, framing: Framing(fit), normalisation: .symmetric)
        let used = try loader.picture(of: file).raster
        let trained = try loader.picture(of: file, preparation: .augmented(Augmentation(), seed: 1, epoch: 0)).raster
        // Two reductions instead of one, by a whole factor.
        #expect(used.difference(from: trained).largest <= 4)
        #expect(used != Raster(width: 40, height: 40))
    }

    @Test func `A share shows the places that timm's transforms for evaluation show`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/timm_crops.json")
        let cases = try #require(JSONValue.read(file).array)
        #expect(!cases.isEmpty)
        for reference in cases {
            let (width, height) = try (
                #require(reference["width"]?.integer), #require(reference["height"]?.integer)
            )
            let picture = Raster(
                width: width, height: height,
                pixels: (0..<3 * width * height).map { index in
                    let (x, y, channel) = (index / 3 % width, index / 3 / width, index % 3)
                    return UInt8((x * 3 + y * 5 + channel * 40 + x * y / 7) % 256)
                })
            let framing = Framing(
                try #require(reference["mode"]?.string) == "squash" ? .stretch : .crop,
                share: try #require(reference["share"]?.double),
                interpolation: try #require(reference["interpolation"]?.string.flatMap(Interpolation.init(rawValue:))))
            let size = try #require(reference["size"]?.integer)
            let found = picture.fitted(framing, size: size).pixels
            let expected = try #require(reference["pixels"]?.integers)
            try #require(found.count == expected.count)
            // Pillow 13 starts with the columns of tall pictures, which rounds differently by one level.
            let worst = zip(found, expected).map { abs(Int($0) - $1) }.max() ?? 0
            #expect(worst <= 1, "\(framing) of \(width) x \(height)")
        }
    }
}
