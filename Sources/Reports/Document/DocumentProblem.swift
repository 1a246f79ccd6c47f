/// Something in a document that is not as it should be: where, what, and what to do.
public struct DocumentProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The document's file.
    public let path: String
    /// The line of the document, from 1; nil where no single line is to blame.
    public let line: Int?
    public let problem: String
    public let remedy: String

    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }

    /// What is wrong and what to do, without the place.
    public var message: String { "\(problem). \(remedy)" }
}
