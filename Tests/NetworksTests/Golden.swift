import Basics
import Foundation
import Testing
import Torch

/// Reference values from PyTorch, next to the tests: `losses.json` in double precision, and the output of the folder's
/// scripts.
struct Golden {
    let values: JSONValue

    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        values = try JSONValue.read(folder.appending(path: "Fixtures/\(name).json"))
    }

    subscript(key: String) -> JSONValue? { values[key] }
}

extension JSONValue? {
    /// The lengths of nested lists.
    var shape: [Int] {
        guard let rows = self?.array else { return [] }
        return [rows.count] + rows.first.shape
    }

    /// The numbers of nested lists, row by row.
    var flattened: [Double] { self?.array?.flatMap { Optional($0).flattened } ?? [self?.double ?? .nan] }

    /// Nested lists as a tensor in double precision.
    func tensor() throws -> Tensor { try Tensor(flattened, shape: shape) }
}

/// Compares relative to the reference's scale.
func expectClose(
    _ values: [Double], _ reference: [Double], _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(values.count == reference.count, sourceLocation: sourceLocation)
    let scale = reference.map(abs).max() ?? 0
    let worst = zip(values, reference).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst <= tolerance * scale, "off by \(worst) of \(scale)", sourceLocation: sourceLocation)
}
