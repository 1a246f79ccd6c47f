/// Limits on inputs. A larger input is refused with an error before it takes memory and time.
public enum Bounds {
    /// Nodes of a YAML text with every alias expanded.
    public static let yamlNodes = 100_000
    /// Nesting depth of YAML with aliases expanded.
    public static let yamlDepth = 100
    /// Columns of a table in CSV and Markdown: the limit of spreadsheets.
    public static let tableColumns = 16_384
    /// Fields of all tables written in a document; a short row counts as full, because Markdown fills it.
    public static let tableFields = 500_000
    /// Bytes of a document's source; rendering takes up to 300 times as much memory if every byte is Markdown markup.
    public static let documentBytes = 2 << 20
    /// Lines of a document's source.
    public static let documentLines = 100_000
    /// Cells of a document.
    public static let documentCells = 5_000
    /// Nested quotations and lists that a line of a document may begin.
    public static let markdownDepth = 100
    /// Inline values and references of a document.
    public static let inlineValues = 20_000
    /// Characters of an inline value's expression.
    public static let expressionLength = 1_000
    /// Characters of a value quoted in a message.
    public static let quotedLength = 160
    /// Characters of a message, or of one part of it.
    public static let messageLength = 2_000
    /// Characters of any line of an error.
    public static let lineLength = 10_000
    /// Columns or rows of a picture, which is JPEG's limit. Without it, a row of a very wide picture could take as much
    /// memory as a picture.
    public static let pictureSide = 65_500
    /// Bytes of an animal's outline as JSON text.
    public static let outlineBytes = 4 << 20
    /// Characters of a path: the system's limit.
    public static let pathLength = 4_096
}
