import Basics
import Foundation
import Testing

@testable import Imaging

/// Photographs with the animal or its background painted over.
@Suite struct PaintingTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The animal is red with 40 columns, its background blue.
    private static let picture: Raster = {
        var raster = Raster(width: 80, height: 60, red: 20, green: 30, blue: 200)
        for y in 0..<60 { for x in 20..<60 { raster[x, y] = (200, UInt8(y), 40) } }
        return raster
    }()

    private func photograph(
        _ outline: String? = nil, box: PixelBox? = nil, theta: Double = 0, orientation: Orientation = .upright
    ) throws -> PhotographFile {
        let file = try folder.photograph(
            "animal", Self.picture.jpeg(quality: 100).withOrientation(UInt8(orientation.rawValue)))
        return PhotographFile(
            id: "animal", url: file.url, box: box, theta: theta,
            outline: outline.flatMap { Outline(text: Data($0.utf8), sides: nil, place: "a.json, annotation 1") })
    }

    /// The run lengths of the columns 20 to 59.
    private static let animal = #"{"size": [60, 80], "counts": [1200, 2400, 1200]}"#

    /// Where the levels of two pictures of one size differ, as a set of columns, and whether the first has one colour
    /// there.
    private func changes(_ painted: Raster, _ plain: Raster) -> (columns: Set<Int>, colours: Set<[UInt8]>) {
        var columns: Set<Int> = []
        var colours: Set<[UInt8]> = []
        for y in 0..<plain.height {
            for x in 0..<plain.width {
                let (new, old) = (painted[x, y], plain[x, y])
                guard new != old else { continue }
                columns.insert(x)
                colours.insert([new.red, new.green, new.blue])
            }
        }
        return (columns, colours)
    }

    @Test func `Painted pixels have the mean colour of the others, which stay`() {
        let raster = Raster(width: 3, height: 1, pixels: [10, 20, 30, 13, 21, 30, 99, 99, 99])
        let painted = raster.painted { $0 == 2 }
        // 11.5 and 20.5 are rounded up.
        #expect(painted.pixels == [10, 20, 30, 13, 21, 30, 12, 21, 30])
        #expect(raster.painted { _ in false } == raster)
        #expect(raster.painted { _ in true } == raster)
    }

    @Test func `With an outline, the animal or the background of the used part is painted`() throws {
        for box in [nil, PixelBox(x: 10, y: 4, width: 40, height: 50)] {
            let photograph = try photograph(Self.animal, box: box)
            #expect(try photograph.animalRegion() == .outline)
            let plain = try Raster.decoding(photograph)
            let inside = box == nil ? 20..<60 : 10..<40
            let withoutAnimal = changes(try Raster.decoding(photograph.painted(.animal)), plain)
            #expect(withoutAnimal.columns == Set(inside) && withoutAnimal.colours.count == 1)
            let colour = try #require(withoutAnimal.colours.first)
            // JPEG at quality 100 is off by a level or two, and by more beside the edge.
            #expect(abs(Int(colour[0]) - 20) < 4 && abs(Int(colour[2]) - 200) < 4)
            let withoutBackground = changes(try Raster.decoding(photograph.painted(.background)), plain)
            #expect(withoutBackground.columns == Set(0..<plain.width).subtracting(inside))
            #expect(withoutBackground.colours.count == 1)
            #expect(abs(Int(try #require(withoutBackground.colours.first)[0]) - 200) < 4)
        }
    }

    @Test func `With only a box, the background is the photograph without it`() throws {
        let box = try #require(PixelBox(x: 20, y: 0, width: 40, height: 60))
        let photograph = try photograph(box: box)
        #expect(try photograph.animalRegion() == .box)
        let whole = try Raster.decoding(PhotographFile(id: "animal", url: photograph.url))
        let background = try Raster.decoding(photograph.painted(.animal))
        #expect((background.width, background.height) == (80, 60))
        #expect(changes(background, whole).columns == Set(20..<60))
        #expect(try Raster.decoding(photograph.painted(.background)) == Raster.decoding(photograph))
    }

    @Test(arguments: Orientation.allCases)
    func `A turned box is painted where it is`(orientation: Orientation) throws {
        let box = try #require(PixelBox(x: 20, y: 20, width: 40, height: 20))
        let photograph = try photograph(box: box, theta: .pi / 2, orientation: orientation)
        let painted = try Raster.decoding(photograph.painted(.animal))
        let whole = try Raster.decoding(PhotographFile(id: "animal", url: photograph.url))
        // Turned by a quarter it has columns 30 to 49 and rows 10 to 49.
        var wanted = Raster(width: 80, height: 60)
        for y in 10..<50 { for x in 30..<50 { wanted[x, y] = (255, 255, 255) } }
        let turned = wanted.turned(orientation)
        for y in 0..<whole.height {
            for x in 0..<whole.width {
                let isInside = turned[x, y].red == 255
                if !isInside { #expect(painted[x, y] == whole[x, y], "\(x) \(y)") }
                if isInside { #expect(painted[x, y] == painted[whole.width / 2, whole.height / 2], "\(x) \(y)") }
            }
        }
    }

    @Test func `An animal without background, or a background without animal, is not painted`() throws {
        #expect(try photograph().animalRegion() == nil)
        let all = try photograph(box: PixelBox(x: 0, y: 0, width: 80, height: 60))
        #expect(try all.animalRegion() == nil)
        #expect(try Raster.decoding(all.painted(.animal)) == Raster.decoding(all))
        // An outline that covers all of the box leaves the box.
        let filled = try photograph(Self.animal, box: PixelBox(x: 25, y: 0, width: 20, height: 60))
        #expect(try filled.animalRegion() == .box)
        let none = try photograph(#"{"size": [60, 80], "counts": [4800]}"#)
        #expect(try none.animalRegion() == nil)
    }

    @Test func `The cache distinguishes what is painted, and a malformed outline is an error`() throws {
        let photograph = try photograph(Self.animal)
        let loader = PhotographLoader(size: 16, normalisation: .symmetric, cacheLimit: 1 << 20)
        let pictures = try [photograph, photograph.painted(.animal), photograph.painted(.background)].map {
            try loader.picture(of: $0).raster
        }
        #expect(pictures[0] != pictures[1] && pictures[1] != pictures[2] && pictures[0] != pictures[2])
        let malformed = try self.photograph("[[1, 2]]")
        #expect(throws: FileError.self) { try Raster.decoding(malformed.painted(.animal)) }
        #expect(throws: FileError.self) { try malformed.animalRegion() }
    }
}
