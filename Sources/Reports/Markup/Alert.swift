/// A highlighted box, in GitHub's syntax.
enum Alert: String, CaseIterable {
    case caution = "CAUTION"
    case warning = "WARNING"
    case note = "NOTE"

    /// The box around Markdown.
    func markdown(_ content: String, anchors: String = "") -> String {
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.isEmpty ? ">" : "> \($0)"
        }
        let box = (["> [!\(rawValue)]"] + lines).joined(separator: "\n")
        return anchors.isEmpty ? box : anchors + "\n\n" + box
    }

    /// Replaces the mark of a box at the start of a text by a word.
    static func marked(inText text: String) -> String {
        for alert in allCases where text.hasPrefix("[!\(alert.rawValue)] ") {
            return "\(alert.rawValue): \(text.dropFirst(alert.rawValue.count + 4))"
        }
        return text
    }

    /// Styles the boxes of a web page, which CommonMark renders as quotations.
    static func marked(inHTML html: String) -> String {
        allCases.reduce(html) { html, alert in
            html.replacing(
                "<blockquote>\n<p>[!\(alert.rawValue)]\n",
                with: "<blockquote class=\"\(alert.rawValue.lowercased())\">\n<p>")
        }
    }
}
