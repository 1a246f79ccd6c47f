/// Why a submission or its labels are refused.
public enum ScoringError: Error, Equatable, CustomStringConvertible {
    case otherColumns(path: String, found: [String], expected: [String])
    case badScore(path: String, line: Int, score: String)
    case noLabels(path: String)
    case repeated(path: String, line: Int, query: String, image: String)
    case unknownQuery(path: String, line: Int, query: String, nearest: String?)
    case tooManyRows(path: String, line: Int, query: String)
    case missingQueries(path: String, queries: [String])

    public var description: String {
        switch self {
        case .otherColumns(let path, let found, let expected):
            "\(path):1: the columns are '\(found.joined(separator: ","))'. Name them "
                + "'\(expected.joined(separator: ","))', in this order."
        case .badScore(let path, let line, let score):
            "\(path):\(line): the score '\(score)' is not within 0…1. Scale the scores; their order is what counts."
        case .noLabels(let path):
            "\(path): there is no row, so nothing can be scored. Give each query its right answers."
        case .repeated(let path, let line, let query, let image):
            "\(path):\(line): '\(image)' stands twice for query '\(query)'. Keep one row."
        case .unknownQuery(let path, let line, let query, let nearest):
            "\(path):\(line): the labels have no query '\(query)'"
                + (nearest.map { ", but '\($0)'" } ?? "") + ". Correct the name, or take the row out."
        case .tooManyRows(let path, let line, let query):
            "\(path):\(line): query '\(query)' has more than \(AveragePrecision.limit) rows. Keep the best."
        case .missingQueries(let path, let queries):
            "\(path): \(queries.count) queries have no answer: \(queries.prefix(5).joined(separator: ", "))"
                + (queries.count > 5 ? ", …" : "") + ". The official score drops them unseen; answer each."
        }
    }
}
