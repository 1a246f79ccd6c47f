import Basics
import Results

/// A photograph as the page receives it.
struct PhotographView: Codable, Equatable {
    /// Its number, by which the page requests the picture.
    let picture: Int
    let id: String
    let name: String?
    let viewpoint: String?
    let date: String?
    let encounter: String?
    let place: String?
    let isNew: Bool
    /// Whether it is known to show the same side as the other photograph of the pair.
    let isSameView: Bool
}

/// A person's decision as the page receives it.
struct DecisionView: Codable, Equatable {
    let reviewer: String
    let time: String
    let verdict: String

    init(_ decision: PairDecision) {
        (reviewer, time, verdict) = (decision.reviewer, decision.time, decision.verdict.rawValue)
    }
}

/// A pair as the page receives it.
struct PairView: Codable {
    /// Another candidate of the same query.
    struct Rival: Codable, Equatable {
        let pair: Int
        let name: String
        let status: String
    }

    let pair: Int
    let source: String
    let question: String
    let evidence: String
    let probability: Double?
    let cause: String?
    /// What each verdict does, in words.
    let effects: [String: String]
    let query: PhotographView
    let candidate: PhotographView
    /// Other photographs of each animal, those from the same side first.
    let queryStrip: [PhotographView]
    let candidateStrip: [PhotographView]
    let rivals: [Rival]
    let decisions: [DecisionView]
    let status: String
    /// Quarter turns clockwise that bring the candidate into the position of the query.
    let turns: Int
    let marks: [ReviewMark]?
}

/// What remains to be done, as the page receives it.
struct ProgressView: Codable {
    let pairs: Int
    let open: Int
    let decided: Int
    let settled: Int
    let disputed: Int
    let unclear: Int
    /// Pairs that the filter selects.
    let selected: Int
    /// Nil as long as it cannot be estimated.
    let minutesLeft: Double?
    /// Lines of the file of decisions that cannot be read.
    let problems: [String]
}

/// The choices of the page's filters.
struct FacetsView: Codable {
    let title: String
    let file: String
    let reviewer: String
    let source, view, year, place, cause, probability: [String]
}

/// A place in the queue, as the page receives it; no pair if the filter selects none.
struct PlaceView: Codable {
    let pair: PairView?
    let progress: ProgressView
    /// The pair's place among the selected ones, from 1.
    let place: Int?
}

/// The answer to a decision.
struct StoredView: Codable {
    let id: String
    /// The pair that was decided, or to which undoing returns.
    let pair: Int?
}

extension QueueStatus.Status {
    var word: String {
        switch self {
        case .open: "open"
        case .decided: "decided"
        case .settled: "settled"
        case .disputed: "disputed"
        case .unclear: "unclear"
        }
    }
}

extension ReviewPair {
    /// The question, in words.
    var text: String {
        let (query, candidate) = (question.queryWhaleID, question.whaleID ?? "no name")
        switch question.source {
        case .season: return "Does the new photograph show \(candidate)?"
        case .merge: return "Are \(query ?? "no name") and \(candidate) one animal?"
        case .split: return "Do both photographs show \(candidate)?"
        case .query:
            guard let query, query != candidate else { return "Do both photographs show \(candidate)?" }
            return "Do both photographs, named \(query) and \(candidate), show one animal?"
        }
    }

    /// What each verdict does when the decisions are applied to the catalogue, in words.
    func effects(_ photographs: ReviewPhotographs) -> [String: String] {
        let name = question.whaleID ?? "no name"
        func counted(_ whale: String) -> String {
            "\(whale) (\(NumberText.counted(photographs.count(of: whale), "photograph", "photographs")))"
        }
        var effects: [PairDecision.Verdict: String] = [.cannotTell: "Nothing changes."]
        switch (question.source, question.queryWhaleID) {
        case (.season, _):
            let subject = question.movedImageIDs.isEmpty ? "The photograph gets" : "The photographs get"
            effects[.same] = "\(subject) the name \(name)."
            effects[.different] = "\(name) is ruled out."
            effects[.new] = "\(subject) a new name."
            effects[.notUsable] = "The photograph is left out."
        case (.split, _):
            let moved = NumberText.counted(question.movedImageIDs.count, "photograph leaves", "photographs leave")
            effects[.same] = "The name stays."
            effects[.different] = "\(moved) \(name) for a new name."
        case (_, let query?) where query != name:
            let pair = [query, name].sorted {
                (-photographs.count(of: $0), $0) < (-photographs.count(of: $1), $1)
            }
            effects[.same] = "\(counted(pair[1])) joins \(counted(pair[0]))."
            effects[.different] = "Both names stay."
        default:
            effects[.same] = "The name stays."
            effects[.different] = "The first photograph leaves \(name) for a new name."
        }
        if question.source != .season {
            if effects[.new] == nil { effects[.new] = "The first photograph gets a new name." }
            effects[.notUsable] = "The name stays; the photograph is listed."
        }
        return Dictionary(uniqueKeysWithValues: effects.map { ($0.key.rawValue, $0.value) })
    }
}
