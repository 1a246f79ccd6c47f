import Basics

/// Counts the fields of the tables in a document's prose before Markdown is made of it: Markdown fills every short row
/// up to the width of the header.
struct MarkdownTables {
    /// Fields of all tables so far.
    private var fields = 0

    /// What stands before a table in a quotation or a list, and in the rule below its header.
    private static let marks: Set<Character> = [" ", "\t", ">", "|", ":", "-", "*", "+", ".", ")"]

    /// Counts the tables of some lines.
    ///
    /// - Returns: The line at which a bound is passed, counted from the first, and what is wrong; nil where none is.
    mutating func problem(in lines: ArraySlice<Substring>) -> (line: Int, problem: String)? {
        /// Columns of the table at hand; 0 outside tables.
        var columns = 0
        for (offset, line) in lines.enumerated() {
            if line.allSatisfy({ $0.isWhitespace || $0 == ">" }) {
                columns = 0
                continue
            }
            if let rule = Self.columns(ofRule: line), rule > columns { columns = rule }
            guard columns <= Bounds.tableColumns else {
                return (offset, "the table has \(columns) columns, more than \(Bounds.tableColumns)")
            }
            fields += columns
            guard fields <= Bounds.tableFields else {
                return (offset, "the document's tables have more than \(Bounds.tableFields) fields")
            }
        }
        return nil
    }

    /// The columns of the rule below a table's header, such as `|---|:-:|`; nil for any other line.
    private static func columns(ofRule line: Substring) -> Int? {
        var bars = 0
        var hasDash = false
        for character in line {
            guard marks.contains(character) || ("0"..."9").contains(character) else { return nil }
            if character == "|" { bars += 1 }
            if character == "-" { hasDash = true }
        }
        return hasDash ? bars + 1 : nil
    }
}
