/// Text in a CSV file that people open in a spreadsheet, which would run a cell such as `=cmd()` as a formula.
///
/// Files that programs exchange have their values as they are; only a file for people to fill in takes this form.
public enum SpreadsheetText {
    private static let apostrophe: Unicode.Scalar = "'"
    private static let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

    /// The text with an apostrophe before what a spreadsheet would take for a formula.
    public static func harmless(_ text: String) -> String { isMeant(text[...]) ? "'" + text : text }

    /// The text that ``harmless(_:)`` was given.
    public static func plain(_ text: String) -> String {
        guard text.unicodeScalars.first == apostrophe else { return text }
        let rest = Substring(text.unicodeScalars.dropFirst())
        return isMeant(rest) ? String(rest) : text
    }

    /// Whether the first character after any apostrophes begins a formula: so a text that has apostrophes of its own
    /// comes back whole.
    private static func isMeant(_ text: Substring) -> Bool {
        text.unicodeScalars.first { $0 != apostrophe }.map(starts.contains) ?? false
    }
}
