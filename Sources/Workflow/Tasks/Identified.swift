import Basics
import Catalog
import Foundation

/// Which animals new photographs may show.
public struct Identified: Sendable {
    /// A photograph of the catalogue.
    public struct Example: Sendable, Equatable {
        public let id: String
        /// The cosine.
        public let score: Double
    }

    /// An animal that photographs may show.
    public struct Candidate: Sendable, Equatable {
        public let whaleID: String
        /// By the question's rule.
        public let score: Double
        /// The nearest first.
        public let photographs: [Example]
    }

    /// A new photograph.
    public struct Photograph: Sendable, Equatable {
        public let path: String
        /// The side that it shows, as asked or by its name; nil where neither says.
        public let viewpoint: Viewpoint?
        /// The photographs of the catalogue that are the same file, byte for byte.
        public let catalogued: [String]
    }

    /// What one photograph may show, or those of one encounter.
    public struct Answer: Sendable, Equatable {
        /// The likeliest first.
        public let candidates: [Candidate]
        /// Nil where nothing was calibrated.
        public let probabilityOfNew: Double?
        /// Whether that is at least one half; nil where nothing was calibrated.
        public let isNew: Bool?
    }

    let question: IdentificationQuestion
    public let photographs: [Photograph]
    /// One for each photograph, or one for all of them together.
    public let answers: [Answer]
    /// Photographs that could not be decoded, each with its reason.
    public let unreadable: [(path: String, reason: String)]
    let catalog: Catalog
    /// Why there is no probability, or nil.
    let reason: String?
    /// Animals that have no photograph from the side asked for, or from one that is not known.
    let animalsWithoutView: Int

    /// For programs.
    ///
    /// Photographs asked together share `probability_of_new`, `is_new` and `candidates` of the whole; else each has its
    /// own.
    public var json: JSONValue {
        let together = question.together
        var members: [String: JSONValue] = [
            "together": .bool(together), "ranked_by": .string(question.rule.rawValue),
            "viewpoint": question.viewpoint.map { .string($0.rawValue) } ?? .null,
            "animals_without_viewpoint": .number(Double(animalsWithoutView)),
            "photographs": .array(
                photographs.enumerated().map { place, photograph in
                    var own = together ? [:] : answerMembers(answers[place])
                    own["photograph"] = .string(photograph.path)
                    own["viewpoint"] = photograph.viewpoint.map { .string($0.rawValue) } ?? .null
                    own["already_in_catalogue"] = .array(photograph.catalogued.map(catalogued))
                    return .object(own)
                }),
            "unreadable": .array(
                unreadable.map { ["photograph": .string($0.path), "reason": .string($0.reason)] }),
            "reason": reason.map(JSONValue.string) ?? .null,
        ]
        if together { members.merge(answerMembers(answers.first)) { $1 } }
        return .object(members)
    }

    private func answerMembers(_ answer: Answer?) -> [String: JSONValue] {
        [
            "probability_of_new": answer?.probabilityOfNew.map(JSONValue.number) ?? .null,
            "is_new": answer?.isNew.map(JSONValue.bool) ?? .null,
            "candidates": .array(answer?.candidates.map(json) ?? []),
        ]
    }

    private func catalogued(_ id: String) -> JSONValue {
        [
            "image_id": .string(id), "path": .string(path(of: id)),
            "whale_id": catalog[id]?.whaleID.map(JSONValue.string) ?? .null,
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

    func path(of id: String) -> String { catalog[id]?.path ?? id }
}
