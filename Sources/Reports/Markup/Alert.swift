/// A highlighted box, in GitHub's syntax.
enum Alert: String, CaseIterable {
    case caution = "CAUTION"
    case warning = "WARNING"
    case important = "IMPORTANT"
    case note = "NOTE"
    case tip = "TIP"

    /// The name of its class in Quarto's syntax, `::: {.callout-note}`.
    var calloutClass: String { "callout-\(rawValue.lowercased())" }

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

    /// Labels and styles the boxes of a web page, which CommonMark renders as quotations.
    static func marked(inHTML html: String) -> String {
        guard html.contains("[!") else { return html }
        return allCases.reduce(html) { html, alert in
            let head =
                "<blockquote class=\"\(alert.rawValue.lowercased())\" role=\"note\">\n"
                + "<p class=\"label\">\(alert.rawValue.capitalized)</p>\n"
            let mark = "<blockquote>\n<p>[!\(alert.rawValue)]"
            return html.replacing(mark + "\n", with: head + "<p>").replacing(mark + "</p>\n", with: head)
        }
    }
}
