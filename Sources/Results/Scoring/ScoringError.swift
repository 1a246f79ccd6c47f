import Basics

/// Why a submission or its labels are refused.
public enum ScoringError: ErrorWithLines, Equatable, CustomStringConvertible {
    case otherColumns(path: String, found: [String], expected: [String])
    case badScore(path: String, line: Int, score: String)
    case noLabels(path: String)
    /// A right answer that stands twice in the labels.
    case repeated(path: String, line: Int, query: String, image: String)
    /// What only the strict score minds.
    case refused(ProblemList)

    public var lines: [String] {
        if case .refused(let problems) = self { problems.lines } else { [description] }
    }

    public var description: String {
        switch self {
        case .otherColumns(let path, let found, let expected):
            "\(path):1: the columns are \(quoted: found.joined(separator: ",")). Name them "
                + "\(quoted: expected.joined(separator: ",")), in this order."
        case .badScore(let path, let line, let score):
            "\(path):\(line): the score \(quoted: score) is not within 0…1. Scale the scores; their order is what counts."
        case .noLabels(let path):
            "\(path): there is no row, so nothing can be scored. Give each query its right answers."
        case .repeated(let path, let line, let query, let image):
            "\(path):\(line): \(quoted: image) stands twice for query \(quoted: query). Keep one row."
        case .refused(let problems): problems.description
        }
    }
}
