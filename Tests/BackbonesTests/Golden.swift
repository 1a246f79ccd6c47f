import Basics
import Foundation
import TestSupport
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

    /// The formula's numbers for a name.
    static func values(_ name: String, shape: [Int]) -> [Float] { ReferenceRule.values(name, shape: shape) }

    static func tensor(_ name: String, shape: [Int]) throws -> Tensor {
        try Tensor(values(name, shape: shape), shape: shape)
    }
}
