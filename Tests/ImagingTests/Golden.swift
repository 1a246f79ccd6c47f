import Basics
import Foundation
import Imaging

/// Reference values next to the tests, and data next to the package that must not be committed.
enum Golden {
    /// Picture files and Pillow's decoded pixels.
    struct Pictures: Decodable {
        struct Picture: Decodable {
            /// Pixels of `mode`, Pillow's name for the stored format.
            let name, mode: String
            let file: Data
            /// As displayed.
            let width, height: Int
            let pixels: [UInt8]
            var raster: Raster { Raster(width: width, height: height, pixels: pixels) }
        }
        let pictures: [Picture]
    }

    private static let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()

    static func decode<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value {
        let url = tests.appending(path: "Fixtures/\(name)")
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }

    static let shared = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared")
    static let photographs = shared.appending(path: "photos/nyala/images")
    static let backbones = shared.appending(path: "golden/backbones")
    static let hasPhotographs =
        FileManager.default.fileExists(atPath: photographs.path)
        && FileManager.default.fileExists(atPath: backbones.path)
}

/// A folder that is removed at the end of the test.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file and returns it as a photograph.
    func photograph(_ id: String, _ data: Data) throws -> PhotographFile {
        let file = url.appending(path: "\(id).jpg")
        try data.write(to: file)
        return PhotographFile(id: id, url: file)
    }
}

extension Raster {
    /// A picture that every rotation or mirroring changes: smooth, with a different colour in each corner.
    static func asymmetric(width: Int, height: Int, phase: Double = 0) -> Raster {
        var raster = Raster(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
                raster[x, y] = (
                    UInt8(30 + 200 * u), UInt8(30 + 200 * v * (1 - u / 2)),
                    UInt8(127 + 100 * sin(3 * u + 5 * v + phase))
                )
            }
        }
        return raster
    }

    /// The largest and mean difference between two pictures' levels.
    func difference(from other: Raster) -> (largest: Int, mean: Double) {
        let differences = zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }
        return (differences.max() ?? 0, Double(differences.reduce(0, +)) / Double(max(1, differences.count)))
    }
}

extension Data {
    /// This JPEG file with an EXIF segment that holds only an orientation.
    func withOrientation(_ orientation: UInt8) -> Data {
        let tiff: [UInt8] =
            Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0] + [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
            + [0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + tiff
        return prefix(2) + Data([0xFF, 0xE1, 0, UInt8(body.count + 2)] + body) + dropFirst(2)
    }
}
