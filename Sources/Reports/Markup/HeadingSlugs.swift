import Foundation

/// The anchors that GitHub gives the headings of a document.
struct HeadingSlugs {
    private var counts: [String: Int] = [:]

    /// The anchor of the next heading: lower case, blanks as hyphens, no punctuation; a number follows a repeated one.
    mutating func next(_ title: String) -> String {
        let base = title.lowercased().unicodeScalars.map { scalar in
            if scalar == " " { return "-" }
            let isKept =
                scalar == "-" || scalar == "_" || scalar.properties.isAlphabetic
                || CharacterSet.decimalDigits.contains(scalar)
            return isKept ? String(scalar) : ""
        }.joined()
        let count = counts[base, default: 0]
        counts[base] = count + 1
        return count == 0 ? base : "\(base)-\(count)"
    }
}
