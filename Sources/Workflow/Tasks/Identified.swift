import Basics
import Catalog
import Foundation
import Reports

/// Which animals new photographs may show.
public struct Identified: Sendable {
    /// A photograph of the catalogue.
    public struct Example: Sendable, Equatable {
        public let id: String
        /// The cosine.
        public let score: Double
    }

    /// An animal that a photograph may show.
    public struct Candidate: Sendable, Equatable {
        public let whaleID: String
        /// That of its nearest photograph.
        public let score: Double
        /// The nearest first.
        public let photographs: [Example]
    }

    /// A new photograph with what it may show, the likeliest first.
    public struct Photograph: Sendable, Equatable {
        public let path: String
        public let candidates: [Candidate]
        /// Nil where nothing was calibrated.
        public let probabilityOfNew: Double?
        /// Whether the best similarity lies below the threshold; nil where none was chosen.
        public let isNew: Bool?
    }

    public let photographs: [Photograph]
    /// Photographs that could not be decoded, each with its reason.
    public let unreadable: [(path: String, reason: String)]
    let catalog: Catalog
    /// Why there is no probability, or nil.
    let reason: String?

    /// For people.
    public var text: String {
        var lines: [String] = []
        for photograph in photographs {
            let verdict = verdict(photograph)
            lines.append(photograph.path + (verdict.isEmpty ? "" : ": \(verdict)"))
            for (place, candidate) in photograph.candidates.enumerated() {
                let examples = candidate.photographs.map { path(of: $0.id) }.joined(separator: ", ")
                lines.append(
                    "  \(place + 1). \(candidate.whaleID)  \(NumberText.fixed(candidate.score, 3))  \(examples)")
            }
        }
        if let reason, !photographs.isEmpty { lines.append("There is no probability of a new animal: \(reason).") }
        return lines.map { $0 + "\n" }.joined()
    }

    private func verdict(_ photograph: Photograph) -> String {
        guard let probability = photograph.probabilityOfNew, let isNew = photograph.isNew else { return "" }
        return "\(isNew ? "a new animal" : "a known animal"), new with probability \(NumberText.percent(probability))"
    }

    private func path(of id: String) -> String { catalog[id]?.path ?? id }

    /// For programs.
    public var json: JSONValue {
        [
            "photographs": .array(
                photographs.map { photograph in
                    [
                        "photograph": .string(photograph.path),
                        "probability_of_new": photograph.probabilityOfNew.map(JSONValue.number) ?? .null,
                        "is_new": photograph.isNew.map(JSONValue.bool) ?? .null,
                        "candidates": .array(photograph.candidates.map(json)),
                    ]
                }),
            "unreadable": .array(
                unreadable.map { ["photograph": .string($0.path), "reason": .string($0.reason)] }),
            "reason": reason.map(JSONValue.string) ?? .null,
        ]
    }

    private func json(_ candidate: Candidate) -> JSONValue {
        [
            "whale_id": .string(candidate.whaleID), "score": .number(candidate.score),
            "photographs": .array(
                candidate.photographs.map { example in
                    [
                        "image_id": .string(example.id), "path": .string(path(of: example.id)),
                        "score": .number(example.score),
                    ]
                }),
        ]
    }

    /// Draws the photographs beside the nearest one of each candidate; a long sheet goes on in `NAME-2.png`.
    ///
    /// - Returns: The files.
    /// - Throws: `DrawingError`, ``FileError``.
    public func writeSheet(to url: URL) throws -> [URL] {
        let rows = photographs.map { photograph in
            ContactSheet.Row(
                photograph: URL(filePath: photograph.path), caption: verdict(photograph),
                candidates: photograph.candidates.compactMap { candidate in
                    candidate.photographs.first.map { nearest in
                        .init(
                            id: nearest.id, name: candidate.whaleID, caption: NumberText.fixed(nearest.score, 3))
                    }
                })
        }
        return try ContactSheet(rows, catalog: catalog).write(to: url)
    }
}
