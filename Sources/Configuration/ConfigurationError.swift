import Basics
import YAML
import Yams

/// What is wrong with a configuration, found in one pass.
public struct ConfigurationError: ErrorWithLines, Equatable, CustomStringConvertible {
    /// All problems, the first of them in words.
    public let list: ProblemList

    /// The first problems.
    public var problems: [FileProblem] { list.problems }

    public var lines: [String] { list.lines }
    public var description: String { list.description }

    /// Reads YAML; what is wrong with it is told of `path`, with the line where that is known.
    ///
    /// - Parameter hasLines: Whether the text is one whose lines a reader can find.
    /// - Throws: ``ConfigurationError``, or what else `body` throws.
    static func blaming<Value>(_ path: String, hasLines: Bool = true, _ body: () throws -> Value) throws -> Value {
        func error(_ line: Int?, _ problem: String, _ remedy: String) -> ConfigurationError {
            ConfigurationError(
                list: ProblemList([
                    FileProblem(path: path, line: hasLines ? line : nil, problem: problem, remedy: remedy)
                ]))
        }
        do {
            return try body()
        } catch let flaw as YAMLBoundError {
            throw error(flaw.line, flaw.problem, flaw.remedy)
        } catch let flaw as YamlError {
            let (words, line) = flaw.place
            throw error(line, "this is not valid YAML: \(words)", "Correct the syntax.")
        }
    }
}

extension YamlError {
    /// What is wrong, and on which line where that is known.
    fileprivate var place: (words: String, line: Int?) {
        switch self {
        case .scanner(_, let words, let mark, _), .parser(_, let words, let mark, _),
            .composer(_, let words, let mark, _):
            (words, mark.line)
        default: ("\(self)", nil)
        }
    }
}
