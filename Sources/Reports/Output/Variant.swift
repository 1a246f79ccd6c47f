import Basics

/// A document with values for all its parameters.
struct Variant {
    /// Every parameter with its value.
    let parameters: [String: JSONValue]
    /// The outputs' name: the document's, and the parameters that differ from their defaults.
    let stem: String

    /// Replaces the front matter's parameters with the given ones.
    ///
    /// - Throws: ``VariantError``.
    init(_ document: Document, parameters given: [String: String]) throws {
        var values = document.frontMatter.params
        var stem = document.name
        for (name, text) in given.sorted(by: { $0.key < $1.key }) {
            guard let declared = values[name] else {
                throw VariantError(
                    document: document.url.lastPathComponent, name: name,
                    known: document.frontMatter.params.keys.sorted())
            }
            // A text stays a text, even if it looks like a number.
            let value =
                declared.string != nil
                ? .string(text) : (try? YAMLValue(parsing: text, offset: 0))?.json ?? .string(text)
            if value != declared { stem += "--\(Self.fileName(name))-\(Self.fileName(text))" }
            values[name] = value
        }
        parameters = values
        self.stem = stem
    }

    /// Whether a name may be that of the document's rendering with other parameters.
    static func isStem(_ stem: String, of document: Document) -> Bool {
        document.frontMatter.params.keys.contains { stem.hasPrefix("\(document.name)--\(fileName($0))-") }
    }

    private static func fileName(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) ? $0 : "_" })
    }
}

/// A parameter that a document does not have.
public struct VariantError: Error, Equatable, CustomStringConvertible {
    public let document: String
    public let name: String
    public let known: [String]

    public var description: String {
        "\(document) has no parameter \(quoted: name). \(ProblemCollector.remedy(for: name, known: known))"
    }
}
