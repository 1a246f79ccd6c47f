import Basics
import Catalog
import Foundation
import Results
import Review

/// What `identify --json` found for a season's photographs.
struct SeasonFile {
    /// The photographs of one answer, with its candidates.
    private struct Answer {
        /// Paths; the first one stands for all.
        let paths: [String]
        let probabilityOfNew: Double?
        let candidates: [Candidate]
    }

    private struct Candidate {
        let name: String
        let score: Double
        let imageIDs: [String]
        let marks: (all: Int, explained: Int)?
        let matches: Matches?
    }

    /// The matched marks of a photograph and one of the catalogue.
    private struct Matches {
        let path: String
        let imageID: String
        let marks: [ReviewMark]

        init?(_ json: JSONValue?) {
            guard let json, let path = json["photograph"]?.string, let imageID = json["image_id"]?.string,
                let places = json["places"]?.array
            else { return nil }
            self.path = path
            self.imageID = imageID
            marks = places.compactMap { place in
                guard let values = place.array, values.count == 5, let isExplained = values[4].bool,
                    let numbers = JSONValue.array(Array(values.prefix(4))).numbers
                else { return nil }
                return ReviewMark(
                    queryX: numbers[0], queryY: numbers[1], x: numbers[2], y: numbers[3], isExplained: isExplained)
            }
        }
    }

    /// The new photographs.
    let photographs: [ReviewPhotograph]
    private let answers: [Answer]

    /// Reads the file.
    ///
    /// - Throws: ``FileError``.
    init(_ url: URL) throws {
        let json = try JSONValue.read(url)
        guard let entries = json["photographs"]?.array else { throw Self.malformed(url) }
        let paths = try entries.map { entry in
            guard let path = entry["photograph"]?.string else { throw Self.malformed(url) }
            return path
        }
        photographs = zip(entries, paths).map { entry, path in
            let photograph = Photograph(
                undescribed: URL(filePath: path), id: path, path: path,
                viewpoint: entry["viewpoint"]?.string.map { Viewpoint($0) } ?? .unknown)
            return ReviewPhotograph(
                file: PhotographFile(id: path, url: URL(filePath: path)), whaleID: nil,
                viewpoint: photograph.viewpoint, date: photograph.timestamp ?? photograph.date, encounterID: nil,
                place: nil, isNew: true)
        }
        if json["together"]?.bool == true {
            answers = paths.isEmpty ? [] : [try Self.answer(json, paths, url)]
        } else {
            answers = try zip(entries, paths)
                .filter { entry, _ in entry["already_in_catalogue"]?.array?.isEmpty ?? true }
                .map { try Self.answer($0, [$1], url) }
        }
    }

    private static func answer(_ json: JSONValue, _ paths: [String], _ url: URL) throws -> Answer {
        let candidates = try (json["candidates"]?.array ?? []).map { entry in
            guard let name = entry["whale_id"]?.string, let score = entry["score"]?.double else {
                throw malformed(url)
            }
            let (all, explained) = (entry["matching_marks"], entry["matching_marks_of_one_movement"])
            return Candidate(
                name: name, score: score,
                imageIDs: (entry["photographs"]?.array ?? []).compactMap { $0["image_id"]?.string },
                marks: all?.integer.flatMap { all in explained?.integer.map { (all, $0) } },
                matches: Matches(entry["matched_marks"]))
        }
        return Answer(
            paths: paths,
            probabilityOfNew: json["probability_of_new"]?.double.flatMap { (0...1).contains($0) ? $0 : nil },
            candidates: candidates)
    }

    private static func malformed(_ url: URL) -> FileError {
        .malformed(
            path: url.path, line: nil, problem: "this is not a result of identify",
            remedy: "Write it with 'whalebook identify PHOTO... --json'.")
    }

    /// The pairs of each new photograph with its candidates, each shown by its nearest photograph that `fits`.
    func pairs(
        _ photographs: ReviewPhotographs, candidates: Int, fits: (ReviewPhotograph?) -> Bool
    ) -> [ReviewPair] {
        answers.flatMap { answer -> [ReviewPair] in
            let shown = answer.candidates.compactMap { candidate -> (Candidate, String)? in
                let all = candidate.imageIDs + photographs.ids(of: candidate.name)
                return all.first { photographs[$0]?.whaleID == candidate.name && fits(photographs[$0]) }
                    .map { (candidate, $0) }
            }.prefix(candidates)
            return shown.enumerated().map { place, entry in
                let (candidate, image) = entry
                return ReviewPair(
                    question: PairQuestion(
                        source: .season, queryImageID: answer.paths[0], queryWhaleID: nil, imageID: image,
                        whaleID: candidate.name, movedImageIDs: Array(answer.paths.dropFirst()),
                        probability: place == 0 ? answer.probabilityOfNew.map { 1 - $0 } : nil),
                    rank: place + 1, evidence: Self.evidence(candidate, answer), photographs: answer.paths.count,
                    marks: candidate.matches.flatMap {
                        $0.path == answer.paths[0] && $0.imageID == image ? $0.marks : nil
                    })
            }
        }
    }

    private static func evidence(_ candidate: Candidate, _ answer: Answer) -> String {
        var parts = ["Score \(NumberText.fixed(candidate.score, 3))"]
        if let next = answer.candidates.filter({ $0.name != candidate.name }).map(\.score).max() {
            parts.append("the best other animal has \(NumberText.fixed(next, 3))")
        }
        if let marks = candidate.marks {
            parts.append(
                "\(marks.explained) of \(NumberText.counted(marks.all, "matching mark", "matching marks")) agree")
        }
        if let new = answer.probabilityOfNew {
            parts.append("the probability of a new animal is \(NumberText.percent(new, 0))")
        }
        return parts.joined(separator: "; ") + "."
    }
}
