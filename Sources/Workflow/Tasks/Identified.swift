import Basics
import Catalog
import Evaluation
import Foundation
import Imaging
import Reports

/// The animals that new photographs may show.
public struct Identified: Sendable {
    /// A photograph of the catalogue.
    public struct Example: Sendable, Equatable {
        public let id: String
        /// The cosine similarity; with matched marks, what ranks.
        public let score: Double
    }

    /// A new photograph and one of the catalogue.
    struct Pair: Hashable {
        let path: String
        let id: String
    }

    /// An animal that photographs may show.
    public struct Candidate: Sendable, Equatable {
        public let whaleID: String
        /// The score by the question's rule.
        public let score: Double
        /// The photographs, the nearest first.
        public let photographs: [Example]
    }

    /// A new photograph.
    public struct Photograph: Sendable, Equatable {
        public let path: String
        /// The side that it shows, from the question or its name; nil if both are silent.
        public let viewpoint: Viewpoint?
        /// The photographs of the catalogue with the same file, byte for byte.
        public let catalogued: [String]
        /// The photographs of the catalogue with nearly the same picture, if none has the same file.
        public let nearlyCatalogued: [String]
    }

    /// The result for one photograph, or for those of one encounter.
    public struct Answer: Sendable, Equatable {
        /// The candidates, the likeliest first.
        public let candidates: [Candidate]
        /// The probability of a new animal; nil without a calibration.
        public let probabilityOfNew: Double?
        /// Whether that probability is at least one half; nil without a calibration.
        public let isNew: Bool?
    }

    let question: IdentificationQuestion
    public let photographs: [Photograph]
    /// One result for each photograph, or one for all of them together.
    public let answers: [Answer]
    /// The photographs that could not be decoded, with the reason.
    public let unreadable: [(path: String, reason: String)]
    /// The matched marks of each new photograph and its candidates' nearest photographs; empty if marks are not matched.
    let matches: [Pair: [MarkMatch]]
    let catalog: Catalog
    /// Why there is no probability, or nil.
    let reason: String?
    /// The number of animals without a photograph from the queried or an unknown side.
    let animalsWithoutView: Int

    /// The form for other programs.
    ///
    /// Photographs queried together share `probability_of_new`, `is_new` and `candidates`; otherwise each has its own.
    public var json: JSONValue {
        let together = question.together
        var members: [String: JSONValue] = [
            "together": .bool(together), "ranked_by": .string(question.rule.rawValue),
            "viewpoint": question.viewpoint.map { .string($0.rawValue) } ?? .null,
            "animals_without_viewpoint": .number(Double(animalsWithoutView)),
            "photographs": .array(
                photographs.enumerated().map { place, photograph in
                    var own = together ? [:] : answerMembers(answers[place], of: [photograph])
                    own["photograph"] = .string(photograph.path)
                    own["viewpoint"] = photograph.viewpoint.map { .string($0.rawValue) } ?? .null
                    own["already_in_catalogue"] = .array(photograph.catalogued.map(catalogued))
                    own["nearly_in_catalogue"] = .array(photograph.nearlyCatalogued.map(catalogued))
                    return .object(own)
                }),
            "unreadable": .array(
                unreadable.map { ["photograph": .string($0.path), "reason": .string($0.reason)] }),
            "reason": reason.map(JSONValue.string) ?? .null,
        ]
        if together { members.merge(answerMembers(answers.first, of: photographs)) { $1 } }
        return .object(members)
    }

    private func answerMembers(_ answer: Answer?, of photographs: [Photograph]) -> [String: JSONValue] {
        [
            "probability_of_new": answer?.probabilityOfNew.map(JSONValue.number) ?? .null,
            "is_new": answer?.isNew.map(JSONValue.bool) ?? .null,
            "candidates": .array(answer?.candidates.map { json($0, of: photographs) } ?? []),
        ]
    }

    private func catalogued(_ id: String) -> JSONValue {
        [
            "image_id": .string(id), "path": .string(path(of: id)),
            "whale_id": catalog[id]?.whaleID.map(JSONValue.string) ?? .null,
        ]
    }

    private func json(_ candidate: Candidate, of photographs: [Photograph]) -> JSONValue {
        let example = matches(of: candidate, with: photographs)
        let agreement = example?.agreement
        return [
            "matched_marks": example.map(\.json) ?? .null,
            "matching_marks": agreement.map { .number(Double($0.count)) } ?? .null,
            "matching_marks_of_one_movement": agreement.map { .number(Double($0.agreeing.count)) } ?? .null,
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

    /// The matched marks of a candidate's nearest photograph and the one of `photographs` that agrees best with it.
    private func matches(of candidate: Candidate, with photographs: [Photograph]) -> MatchedExample? {
        guard let nearest = candidate.photographs.first else { return nil }
        return photographs.compactMap { photograph in
            matches[Pair(path: photograph.path, id: nearest.id)].map {
                MatchedExample(path: photograph.path, id: nearest.id, matches: $0)
            }
        }.max { $0.agreement.agreeing.count < $1.agreement.agreeing.count }
    }

    /// A new photograph and one of the catalogue with their matched marks.
    private struct MatchedExample {
        let path: String
        let id: String
        let matches: [MarkMatch]

        var agreement: MarkAgreement { MarkAgreement(matches) }

        /// The photographs, and for each match x and y in both, as shares of the sides, and whether it agrees.
        var json: JSONValue {
            [
                "photograph": .string(path), "image_id": .string(id),
                "places": .array(
                    matches.map { match in
                        .array(
                            [match.query.x, match.query.y, match.database.x, match.database.y]
                                .map { .number(($0 * 1e5).rounded() / 1e5) } + [.bool(match.isExplained)])
                    }),
            ]
        }
    }
}

extension Identified {
    /// The result in readable lines.
    public var text: String {
        var lines = question.together ? togetherLines : zip(photographs, answers).flatMap(lines)
        if let viewpoint = question.viewpoint, animalsWithoutView > 0 {
            let animals = NumberText.counted(
                animalsWithoutView, "animal has no photograph", "animals have no photograph")
            lines.append(
                "\(animals) from the side \(quoted: "\(viewpoint)") and "
                    + "\(animalsWithoutView == 1 ? "was" : "were") not compared.")
        }
        return lines.visibleLines
    }

    private func lines(_ photograph: Photograph, _ answer: Answer) -> [String] {
        ["\(Self.shortened(photograph.path))\(side(photograph)): \(conclusion(photograph, answer))"]
            + candidateLines(answer, of: [photograph])
    }

    private var togetherLines: [String] {
        guard let answer = answers.first else { return [] }
        return ["\(NumberText.counted(photographs.count, "photograph", "photographs")) together: \(verdict(answer))"]
            + photographs.map { "  \(Self.shortened($0.path))\(side($0))" + (already($0).map { ": \($0)" } ?? "") }
            + candidateLines(answer, of: photographs)
    }

    /// The side, if the name gave it, because it determines what the photograph was compared with.
    private func side(_ photograph: Photograph) -> String {
        guard question.viewpoint == nil, let viewpoint = photograph.viewpoint else { return "" }
        return " (\(viewpoint) side according to its name)"
    }

    private func candidateLines(_ answer: Answer, of photographs: [Photograph]) -> [String] {
        guard !answer.candidates.isEmpty else {
            return ["  no named animal has a photograph to compare with"]
        }
        return answer.candidates.enumerated().map { place, candidate in
            let examples = candidate.photographs.map { path(of: $0.id) }.joined(separator: ", ")
            let marks = matches(of: candidate, with: photographs).map { "  (\($0.agreement.finding))" } ?? ""
            return "  \(place + 1). \(candidate.whaleID)  \(NumberText.fixed(candidate.score, 3))  \(examples)\(marks)"
        }
    }

    /// The path, relative to the working folder if it is inside it.
    private static func shortened(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    /// What the catalogue already has, or the verdict, which a nearly equal picture in the catalogue makes easy.
    private func conclusion(_ photograph: Photograph, _ answer: Answer) -> String {
        guard photograph.catalogued.isEmpty, let near = already(photograph) else {
            return already(photograph) ?? verdict(answer)
        }
        return "\(verdict(answer)); \(near)"
    }

    private func already(_ photograph: Photograph) -> String? {
        func names(_ ids: [String]) -> String {
            ids.map { path(of: $0) + (catalog[$0]?.whaleID.map { " (\($0))" } ?? " (no name)") }
                .joined(separator: ", ")
        }
        if !photograph.catalogued.isEmpty { return "already in the catalogue: \(names(photograph.catalogued))" }
        guard !photograph.nearlyCatalogued.isEmpty else { return nil }
        return "nearly the same picture is in the catalogue: \(names(photograph.nearlyCatalogued))"
    }

    private func verdict(_ answer: Answer) -> String {
        guard let probability = answer.probabilityOfNew, let isNew = answer.isNew else {
            return "cannot tell yet whether this is a new animal" + (reason.map { ": \($0)" } ?? "")
        }
        return "probably \(isNew ? "new" : "known") "
            + "(probability of a new animal \(NumberText.percent(probability, 0)))"
    }

    /// Draws the photographs next to the nearest one of each candidate; a long sheet continues in `NAME-2.png`. If marks
    /// are matched, `NAME-marks.png` shows those of the likeliest candidates, with a JSON file beside it.
    ///
    /// Photographs queried together have the same candidates in every row.
    ///
    /// - Returns: The pictures.
    /// - Throws: `DrawingError`, ``FileError``.
    public func writeSheet(to url: URL) throws -> [URL] {
        let rows = photographs.enumerated().map { place, photograph in
            let answer = answer(place)
            return ContactSheet.Row(
                photograph: URL(filePath: photograph.path), caption: caption(photograph, answer),
                candidates: answer.candidates.compactMap { candidate in
                    candidate.photographs.first.map { nearest in
                        .init(
                            id: nearest.id, name: candidate.whaleID, caption: NumberText.fixed(candidate.score, 3))
                    }
                })
        }
        let pages = try ContactSheet(rows, catalog: catalog).write(to: url)
        let pairs = matchedPairs
        guard !pairs.isEmpty else { return pages }
        let name = url.deletingPathExtension().lastPathComponent + "-marks.\(url.pathExtension)"
        return try pages + MatchSheet(pairs).write(to: url.deletingLastPathComponent().appending(path: name))
    }

    private func answer(_ place: Int) -> Answer { answers[question.together ? 0 : place] }

    /// The candidates of each photograph that a sheet of matched marks shows.
    private static let matchedCandidates = 2

    private var matchedPairs: [MatchSheet.Pair] {
        let asked = question.together ? [photographs] : photographs.map { [$0] }
        return asked.enumerated().flatMap { place, photographs in
            answer(place).candidates.prefix(Self.matchedCandidates).enumerated().compactMap { rank, candidate in
                guard let example = matches(of: candidate, with: photographs), let known = catalog[example.id]
                else { return nil }
                let name = URL(filePath: example.path).lastPathComponent
                return MatchSheet.Pair(
                    title: "\(name): \(rank + 1). \(candidate.whaleID), \(NumberText.fixed(candidate.score, 3))",
                    photograph: .init(
                        PhotographFile(id: example.path, url: URL(filePath: example.path)), captions: [name]),
                    candidate: .init(
                        catalog.file(of: known), captions: [candidate.whaleID, known.path]),
                    matches: example.matches)
            }
        }
    }

    private func caption(_ photograph: Photograph, _ answer: Answer) -> String {
        guard question.together else { return conclusion(photograph, answer) }
        let parts = ["\(photographs.count) photographs together: \(verdict(answer))", already(photograph)]
        return parts.compactMap(\.self).joined(separator: "; ")
    }
}
