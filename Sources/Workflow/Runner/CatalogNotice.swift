import Basics
import Catalog

/// What is odd about a catalogue, in brief: for the start of a run, because few look at `whalebook catalog` first.
struct CatalogNotice {
    /// One line for each kind of finding, and one that says where the details are; empty if there are none.
    let lines: [String]

    /// The longest line; `catalog` shows all.
    private static let length = 240

    /// Summarises what the metadata's reader found in the folder that the configuration calls `name`.
    init(_ survey: CatalogSurvey, of name: String) {
        var findings: [String] = []
        if let nobody = survey.nobodyNote { findings.append("names of nobody: \(nobody)") }
        if let first = survey.warnings.problems.first {
            let names = NumberText.counted(
                survey.warnings.count, "name is almost another's", "names are almost another's")
            findings.append("\(names): \(first.problem)")
        }
        findings += survey.notes.map { "ignored: \($0)" } + survey.remarks
        guard !findings.isEmpty else {
            lines = []
            return
        }
        lines =
            findings.map { "catalogue: \($0.shortened(to: Self.length))" } + [
                "catalogue: 'whalebook catalog \(name.shortened())' shows all, with places"
            ]
    }
}
