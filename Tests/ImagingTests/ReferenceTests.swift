import Basics
import Foundation
import Testing

@testable import Imaging

/// Compares real photographs with PyTorch's input tensors for them.
@Suite(.enabled(if: Golden.hasPhotographs, "the photographs are not beside the package, in ../shared"))
struct ReferenceTests {
    private struct Names: Decodable { let images: [String] }

    /// One float32 tensor of a safetensors file.
    private func tensor(_ name: String, of url: URL) throws -> (shape: [Int], values: [Float]) {
        let data = try Data(contentsOf: url)
        let length = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        let header = try JSONValue(parsing: data[8..<8 + length])[name]
        #expect(header?["dtype"]?.string == "F32")
        let offsets = try #require(header?["data_offsets"]?.array).compactMap(\.integer)
        let shape = try #require(header?["shape"]?.array).compactMap(\.integer)
        let bytes = Array(data[(8 + length + offsets[0])..<(8 + length + offsets[1])])
        let values = bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
        return (shape, values)
    }

    @Test func `Decoded and resized photographs equal PyTorch's input`() throws {
        let names = try JSONDecoder().decode(
            Names.self, from: Data(contentsOf: Golden.backbones.appending(path: "tf_efficientnet_lite0.photos.json"))
        ).images
        let (shape, wanted) = try tensor(
            "input", of: Golden.backbones.appending(path: "tf_efficientnet_lite0.photos.io.safetensors"))
        #expect(shape == [4, 3, 224, 224])
        let photographs = names.map { PhotographFile(id: $0, url: Golden.photographs.appending(path: $0)) }
        let batches = PhotographLoader(size: 224, normalisation: .symmetric).batches(of: photographs, batchSize: 4)
        let values = try #require(try batches.next()).values
        let levels = zip(values, wanted).map { abs($0 - $1) * 127.5 }
        let largest = levels.max() ?? .infinity
        #expect(values.count == wanted.count)
        // Equal to the last bit with libjpeg-turbo 2.1 against Pillow's 3.2; other decoders may round differently.
        #expect(largest < 1.01)
    }

    @Test(arguments: [24, 32, 48])
    func `A photograph decoded at reduced size is nearly equal to one decoded in full`(size: Int) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Golden.photographs.path).sorted()
        let loader = PhotographLoader(size: size, normalisation: .symmetric, threads: 1)
        var means: [Double] = []
        for name in names.prefix(200) {
            let file = try PictureFile(at: Golden.photographs.appending(path: name))
            guard JPEGCodec.eighths(shorterSide: min(file.width, file.height), atLeast: 2 * size) < 8 else { continue }
            let wanted = try file.decoded().resized(width: size, height: size)
            let photograph = PhotographFile(id: name, url: Golden.photographs.appending(path: name))
            means.append(try loader.picture(of: photograph).raster.difference(from: wanted).mean)
        }
        let mean = means.reduce(0, +) / Double(means.count)
        // Measured: 1.6, 0.9 and 1.2 levels. A reduced pixel is the mean of its block, so detail is weighted by a box
        // instead of the resize's triangle.
        #expect(means.count > 100 && mean < 1.7, "\(mean) levels, over \(means.count) photographs")
    }

    @Test func `No photograph of the set is broken`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Golden.photographs.path).sorted()
        let photographs = names.prefix(200).map {
            PhotographFile(id: $0, url: Golden.photographs.appending(path: $0))
        }
        #expect(photographs.count == 200)
        #expect(try PhotographCheck.broken(among: photographs).map(\.description) == [])
    }
}
