import Basics

/// Finds names of animals that differ only in case or blanks, and are probably one.
struct NameSpellings {
    private var known: Set<String> = []
    private var first: [String: (name: String, place: PhotographRecords.Place)] = [:]

    /// The warning for a name that another one almost equals; nil if there is none, or if the name was seen before.
    mutating func warning(of name: String?, at place: PhotographRecords.Place) -> FileProblem? {
        guard let name, known.insert(name).inserted else { return nil }
        let (key, isAdorned) = Self.key(name)
        guard let other = first[key] else {
            first[key] = (name, place)
            return nil
        }
        let isBlank = isAdorned || Self.key(other.name).isAdorned
        let isCase = Self.folded(name) != Self.folded(other.name)
        let difference = isBlank ? isCase ? "blanks and case" : "blanks" : "case"
        let location = other.place.line.map { "on line \($0)" } ?? "in \(other.place.path)"
        return FileProblem(
            path: place.path, line: place.line,
            problem: "\(quoted: name) and \(quoted: other.name) \(location) differ only in \(difference), "
                + "so they count as two animals",
            remedy: "If they are one, write the name the same way everywhere.")
    }

    /// The name in lower case, with one blank between words and none around them; and whether its blanks differ.
    private static func key(_ name: String) -> (text: String, isAdorned: Bool) {
        let plain = folded(name)
        return (plain.lowercased(), !plain.utf8.elementsEqual(name.utf8))
    }

    private static func folded(_ name: String) -> String {
        name.split { $0.unicodeScalars.allSatisfy { String($0).isBlank } }
            .map { String($0).trimmingBlanks }.joined(separator: " ")
    }
}
