/// How large an input may be; what is larger is refused by name, before it takes memory and time.
public enum Bounds {
    /// Nodes that a YAML text may have once every alias is replaced by what it stands for.
    public static let yamlNodes = 100_000
    /// How deep YAML may nest, aliases replaced.
    public static let yamlDepth = 100
    /// Columns of a table, in CSV and in Markdown: as many as spreadsheets have.
    public static let tableColumns = 16_384
    /// Fields of all tables that a document's author wrote; a row that is short counts whole, since Markdown fills it.
    public static let tableFields = 500_000
    /// Bytes of a document's source; rendering takes up to 300 times as many of memory, where each is a mark of Markdown.
    public static let documentBytes = 2 << 20
    /// Lines of a document's source.
    public static let documentLines = 100_000
    /// Cells of a document.
    public static let documentCells = 5_000
    /// Quotations and lists within each other that a line of a document may begin.
    public static let markdownDepth = 100
    /// Inline values and references of a document.
    public static let inlineValues = 20_000
    /// Characters of an inline value's expression.
    public static let expressionLength = 1_000
    /// Characters of a value that a message quotes.
    public static let quotedLength = 160
    /// Characters of a message, or of one part of it.
    public static let messageLength = 2_000
    /// Characters of a line of an error, whatever it says.
    public static let lineLength = 10_000
    /// Characters of a path: the system knows none that is longer.
    public static let pathLength = 4_096
}
