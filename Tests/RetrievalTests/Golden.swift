import Basics
import Foundation
import Retrieval

/// Reference values made with numpy; see the fixture's `rule` fields.
struct Golden {
    let values: JSONValue

    init(file: String = #filePath) throws {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
        values = try JSONValue.read(folder.appending(path: "retrieval.json"))
    }

    func matrix(_ path: String) throws -> EmbeddingMatrix {
        let rows = values[path: path]?.array?.compactMap(\.numbers) ?? []
        return try EmbeddingMatrix(
            rows: rows.count, columns: rows.first?.count ?? 0, values: rows.joined().map { Float($0) })
    }

    func rankings(_ path: String) -> [[Int]] { values[path: path]?.array?.compactMap(\.integers) ?? [] }

    func scores(_ path: String) -> [[Double]] { values[path: path]?.array?.compactMap(\.numbers) ?? [] }
}
