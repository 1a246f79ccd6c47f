/// Columns of text: the first is left-aligned, the others are right-aligned unless named.
public enum TextTable {
    /// The table with a line break after each row; columns with a heading in `left` are left-aligned, like the first.
    public static func text(header: [String], rows: [[String]], left: Set<String> = []) -> String {
        let table = [header] + rows.map { $0.map(\.visible) }
        let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let lines = table.map { cells in
            cells.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == 0 || left.contains(header[column]) ? cells[column] + space : space + cells[column]
            }.joined(separator: "  ")
        }
        return lines.map { $0.trimmingTail() + "\n" }.joined()
    }

    /// A count in millions to one decimal.
    public static func millions(_ count: Int) -> String {
        let tenths = (count + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) M"
    }
}

extension String {
    fileprivate func trimmingTail() -> String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
