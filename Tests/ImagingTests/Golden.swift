import Basics
import Foundation
import Imaging

/// Reference values beside the tests, and what may not be committed beside the package.
enum Golden {
    /// Picture files and what Pillow decodes them to.
    struct Pictures: Decodable {
        struct Picture: Decodable {
            /// Of `mode`, Pillow's name for the pixels as stored.
            let name, mode: String
            let file: Data
            /// As seen.
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

/// A folder that goes with the test that made it.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file and names it as a photograph.
    func photograph(_ id: String, _ data: Data) throws -> PhotographFile {
        let file = url.appending(path: "\(id).jpg")
        try data.write(to: file)
        return PhotographFile(id: id, url: file)
    }
}

extension Raster {
    /// A picture that no turn or mirror image leaves as it is: smooth, with another colour in each corner.
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

    /// The largest and the mean difference of two pictures' levels.
    func difference(from other: Raster) -> (largest: Int, mean: Double) {
        let differences = zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }
        return (differences.max() ?? 0, Double(differences.reduce(0, +)) / Double(max(1, differences.count)))
    }
}
