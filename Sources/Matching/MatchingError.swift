import Basics

/// An error of local features or of matching them.
public enum MatchingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Keypoints and descriptors of a photograph that cannot be used.
    case badFeatures(problem: String)
    /// Descriptors with NaN or infinity, or of another width than stated.
    case badDescriptors(photograph: Int, problem: String)
    /// The photographs' descriptors differ in width.
    case widthMismatch(queries: Int, database: Int)
    /// The list of own photographs does not have one entry for each query, or names a photograph that does not exist.
    case badOwnPhotographs(problem: String)
    /// A setting out of its range.
    case badSetting(name: String, value: String, range: String)

    public var description: String {
        switch self {
        case .badFeatures(let problem):
            "The local features cannot be used: \(problem). Extract them again."
        case .badDescriptors(let photograph, let problem):
            "The descriptors of photograph \(photograph) cannot be used: \(problem). Extract them again."
        case .widthMismatch(let queries, let database):
            "The queries' descriptors have \(queries) numbers but the database's have \(database). "
                + "Extract both with the same extractor."
        case .badOwnPhotographs(let problem):
            "The queries' own photographs do not fit: \(problem). "
                + "Give one entry for each query, nil if the database does not have its photograph."
        case .badSetting(let name, let value, let range):
            "\(name) is \(quoted: value). Set it to \(range)."
        }
    }

    /// What is wrong, for a message that already says where and what to do.
    var problem: String {
        switch self {
        case .badFeatures(let problem), .badDescriptors(_, let problem), .badOwnPhotographs(let problem): problem
        case .widthMismatch, .badSetting: description
        }
    }
}
