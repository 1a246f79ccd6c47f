import Basics
import Foundation
import Torch

/// Reference values from PyTorch 2.13 and timm 1.0.31; parameters and inputs follow a formula, so none are stored.
enum Golden {
    static func read(_ name: String) throws -> JSONValue { try JSONValue.read(file("\(name).json")) }

    /// Reads a file next to the tests.
    static func file(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    }

    /// Files that must not be committed are next to the checkout, if at all.
    static let shared = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: shared.appending(path: path).path)
    }

    /// The formula's numbers for a name: splitmix64 over its FNV-1a hash, scaled by the name's last part.
    static func values(_ name: String, shape: [Int]) -> [Float] {
        let seed = name.fnv1a64
        let last = name.split(separator: ".").last ?? ""
        let fanIn = shape.dropFirst().reduce(1, *)
        let (scale, offset): (Double, Double) =
            switch last {
            case "running_mean", "bias": (0.1, 0)
            case "running_var": (0.5, 1)
            case "gamma": (0.2, 0.5)
            case "relative_position_bias_table": (0.5, 0)
            case "input": (3.0.squareRoot(), 0)
            case "probe": (1, 0)
            case _ where shape.count == 1: (0.2, 1)
            default: ((3 / Double(fanIn)).squareRoot(), 0)
            }
        return (0..<shape.reduce(1, *)).map { index in
            var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            return Float(offset + scale * (2 * (Double(z >> 11) * 0x1p-53) - 1))
        }
    }

    static func tensor(_ name: String, shape: [Int]) throws -> Tensor {
        try Tensor(values(name, shape: shape), shape: shape)
    }
}
