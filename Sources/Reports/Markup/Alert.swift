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

    /// The box that a mark such as `[!NOTE]` begins; nil for another text.
    init?(mark: String) {
        guard mark.hasPrefix("[!"), mark.hasSuffix("]") else { return nil }
        self.init(rawValue: String(mark.dropFirst(2).dropLast()))
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
