import Basics
import Evaluation
import Foundation
import Imaging
import Testing

@testable import Reports

/// Lines over photographs with planted marks, found again in the drawn picture.
struct MatchSheetTests {
    private static let folder = FileManager.default.temporaryDirectory

    /// A grey JPEG file with a green square around a place, in stored pixels, turned by EXIF.
    private static func file(
        _ name: String, width: Int, height: Int, mark: (x: Int, y: Int), orientation: UInt8
    ) throws -> URL {
        var raster = Raster(width: width, height: height, red: 128, green: 128, blue: 128)
        for y in mark.y - 8..<mark.y + 8 {
            for x in mark.x - 8..<mark.x + 8 { raster[x, y] = (0, 255, 0) }
        }
        let tiff: [UInt8] =
            Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + tiff
        let jpeg = try raster.jpeg(quality: 95)
        let url = folder.appending(path: "\(name)-\(UUID().uuidString).jpg")
        try (jpeg.prefix(2) + Data([0xFF, 0xE1, 0, UInt8(body.count + 2)] + body) + jpeg.dropFirst(2)).write(to: url)
        return url
    }

    /// The centres of the pixels that satisfy a condition, one for each half of the picture.
    private static func centres(
        _ raster: Raster, where condition: ((red: UInt8, green: UInt8, blue: UInt8)) -> Bool
    ) -> [(x: Double, y: Double)] {
        [0..<raster.width / 2, raster.width / 2..<raster.width].map { columns in
            var (count, x, y) = (0.0, 0.0, 0.0)
            for row in 0..<raster.height {
                for column in columns where condition(raster[column, row]) {
                    count += 1
                    x += Double(column) + 0.5
                    y += Double(row) + 0.5
                }
            }
            return (x / count, y / count)
        }
    }

    private static func isMark(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool {
        pixel.green > 200 && pixel.red < 80 && pixel.blue < 80
    }

    /// The darkest colour, of the similarity 1; nothing else in the picture is purple.
    private static func isRing(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool {
        Int(pixel.blue) > Int(pixel.green) + 40 && Int(pixel.red) > Int(pixel.green) + 20
    }

    @Test func `Circles lie around the marks of a cropped and of a turned photograph`() throws {
        // The mark at (300, 100) of 400 x 300, in a box at (200, 50) of 150 x 150: at (100, 50) of 150.
        let cropped = try Self.file("cropped", width: 400, height: 300, mark: (300, 100), orientation: 1)
        // Orientation 6: the stored left edge is displayed at the top, the stored bottom at the left.
        // (60, 80) of 300 x 200 is displayed at (200 - 80, 60) of 200 x 300.
        let turned = try Self.file("turned", width: 300, height: 200, mark: (60, 80), orientation: 6)
        defer { for url in [cropped, turned] { try? FileManager.default.removeItem(at: url) } }
        // Just far enough apart for four places.
        let matches = [(-0.002, 0.0), (0.002, 0), (0, -0.002), (0, 0.002)].map { x, y in
            MarkMatch(
                query: MarkPlace(x: 100.0 / 150 + x, y: 50.0 / 150 + y, radius: 0.12),
                database: MarkPlace(x: 120.0 / 200, y: 60.0 / 300, radius: 0.06), similarity: 1, isExplained: true)
        }
        let sheet = MatchSheet([
            .init(
                title: "nearest",
                photograph: .init(
                    PhotographFile(
                        id: "cropped", url: cropped, box: PixelBox(x: 200, y: 50, width: 150, height: 150)),
                    captions: ["new"]),
                candidate: .init(PhotographFile(id: "turned", url: turned), captions: ["whale 1"]),
                matches: matches)
        ])
        let output = Self.folder.appending(path: "marks-\(UUID().uuidString).png")
        #expect(try sheet.write(to: output) == [output])
        let picture = try Raster.decoding(PhotographFile(id: "sheet", url: output))
        let data = output.deletingPathExtension().appendingPathExtension("json")
        defer { for file in [output, data] { try? FileManager.default.removeItem(at: file) } }
        let drawn = try JSONValue(parsing: Data(contentsOf: data))
        #expect(drawn[path: "pairs.0.matches"]?.array?.count == 4)
        let marks = Self.centres(picture, where: Self.isMark)
        // Only rows far from the line between the marks, so that the ring alone counts.
        for mark in marks {
            let (x, y) = (Int(mark.x), Int(mark.y))
            func distance(_ step: (Int, Int)) -> Int? {
                (5..<120).first { Self.isRing(picture[x + step.0 * $0, y + step.1 * $0]) }
            }
            let (up, down) = (try #require(distance((0, -1))), try #require(distance((0, 1))))
            #expect(abs(up - down) <= 2, "\(mark): \(up) above, \(down) below")
            let outer = mark.x == marks[0].x ? -1 : 1
            let side = try #require(distance((outer, 0)))
            #expect(abs(side - up) <= 2, "\(mark): \(side) beside, \(up) above")
        }
    }

    @Test func `A sheet is written as PNG, the same for the same photographs, and needs no readable ones`() throws {
        let url = try Self.file("one", width: 120, height: 90, mark: (60, 45), orientation: 1)
        let missing = MatchSheet.Side(
            PhotographFile(id: "b", url: Self.folder.appending(path: "missing.jpg")), captions: ["b"])
        let output = Self.folder.appending(path: "sheet-\(UUID().uuidString).png")
        let data = output.deletingPathExtension().appendingPathExtension("json")
        defer { for file in [url, output, data] { try? FileManager.default.removeItem(at: file) } }
        let sheet = MatchSheet([
            .init(
                title: "t", photograph: .init(PhotographFile(id: "a", url: url), captions: ["a"]), candidate: missing,
                matches: [])
        ])
        #expect(try sheet.write(to: output) == [output])
        let first = try Data(contentsOf: output)
        #expect(first.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try sheet.write(to: output) == [output])
        #expect(try Data(contentsOf: output) == first)
    }
}
