/// Text in which the names of animals become links, if the document has a place for them.
///
/// Written as `"\(animal: name) comes first."`.
struct AnimalText: ExpressibleByStringInterpolation, Equatable {
    fileprivate enum Part: Equatable {
        case text(String)
        case animal(String, shown: String)
    }

    private var parts: [Part]

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }
        mutating func appendInterpolation(_ text: some CustomStringConvertible) {
            parts.append(.text(text.description))
        }
        /// An animal by its name, which may be shown differently: `Whale 1` at the start of a sentence.
        mutating func appendInterpolation(animal name: String, as shown: String? = nil) {
            parts.append(.animal(name, shown: shown ?? name))
        }
    }

    init(stringLiteral value: String) { parts = [.text(value)] }

    init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// Joins texts.
    init(_ texts: [AnimalText], separator: String) {
        parts = Array(texts.map(\.parts).joined(separator: [Part.text(separator)]))
    }

    /// Without links.
    var plain: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .animal(_, let shown): shown
            }
        }.joined()
    }

    var markdown: String {
        var result = ""
        var text = ""
        for part in parts {
            switch part {
            case .text(let own): text += own
            case .animal(let name, let shown):
                result += Self.escaped(text, isFirst: result.isEmpty) + AnimalLink.markdown(name, shown: shown)
                text = ""
            }
        }
        return result + Self.escaped(text, isFirst: result.isEmpty)
    }

    /// Text as Markdown; blanks next to a name stay blanks.
    private static func escaped(_ text: String, isFirst: Bool) -> String {
        guard text.contains(where: { $0 != " " }) else { return text }
        let start = isFirst ? "" : text.prefix { $0 == " " }
        let end = String(text.reversed().prefix { $0 == " " })
        let middle = text.dropFirst(start.count).dropLast(end.count)
        return start + MarkdownText.escaped(String(middle)) + end
    }
}

/// The name of an animal in Markdown, which becomes a link when the pages are laid out: a cell does not know which
/// animals a later one shows.
///
/// The marks around it are control characters, which text from data never has in Markdown.
enum AnimalLink {
    private static let (start, middle, end): (Character, Character, Character) = ("\u{2}", "\u{3}", "\u{4}")

    /// An animal by its name, shown as another text if that is given.
    static func markdown(_ name: String, shown: String? = nil) -> String {
        "\(start)\(name.fileStem)\(middle)\(MarkdownText.escaped(shown ?? name))\(end)"
    }

    /// The Markdown with a link to each animal's target, by the stem of its name; names without one are plain text.
    ///
    /// - Complexity: O(length).
    static func resolved(_ markdown: String, target: (String) -> String?) -> String {
        let pieces = markdown.split(separator: start, omittingEmptySubsequences: false)
        var result = String(pieces.first ?? "")
        for piece in pieces.dropFirst() {
            guard let middle = piece.firstIndex(of: middle), let end = piece[middle...].firstIndex(of: end) else {
                // The author's own control character.
                result += "\(start)\(piece)"
                continue
            }
            let shown = piece[piece.index(after: middle)..<end]
            result += target(String(piece[..<middle])).map { "[\(shown)](\($0))" } ?? String(shown)
            result += piece[piece.index(after: end)...]
        }
        return result
    }
}
