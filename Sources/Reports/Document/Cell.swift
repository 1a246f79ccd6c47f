import Basics

/// A fenced block that a verb turns into figures, tables or text.
public struct Cell: Sendable, Equatable {
    /// What the cell asks for, such as `retrieval-grid`.
    public let verb: String
    /// What all verbs have in common.
    public let options: CellOptions
    /// What the verb itself takes, with the line of each name.
    public let parameters: [Parameter]
    /// The line of the fence.
    public let line: Int
    /// The lines between the fences.
    public let source: String
    /// What is wrong with the cell; it is not run then.
    public let problems: [FileProblem]

    /// One `name: value` of a cell's body.
    public struct Parameter: Sendable, Equatable {
        public let name: String
        public let value: JSONValue
        public let line: Int?
    }
}

/// The options of a cell, `#| name: value`, under Quarto's names.
public struct CellOptions: Sendable, Equatable {
    /// What `@fig-…` and `@tbl-…` refer to, and the name of the figure's files.
    public var label: String?
    /// Whether the cell's own text is shown above its output.
    public var echo = false
    /// Whether the cell is run at all.
    public var eval = true
    /// Whether anything of the cell is shown; it is run all the same.
    public var include = true
    /// Whether what the cell makes is shown.
    public var output = true
    /// Whether notes of the cell are shown; what is stale is always said.
    public var warning = true
    /// Whether a failure is meant to be shown: it then does not count.
    public var error = false
    public var figureCaption: String?
    /// `auto`, or nil, for a sentence made from the data.
    public var figureAlternative: String?
    /// Inches of 96 pixels.
    public var figureWidth: Double?
    /// Inches of 96 pixels.
    public var figureHeight: Double?
    /// Pixels of a picture for each inch.
    public var figureResolution: Double?
    /// What file a figure becomes; nil for what suits it.
    var figureFormat: FigurePart.Format?
    public var tableCaption: String?
    /// The stages that the cell reads, each perhaps with a selection, or nil for those that the verb reads.
    public var from: [String]?

    static let names = [
        "label", "echo", "eval", "include", "output", "warning", "error", "fig-cap", "fig-alt", "fig-width",
        "fig-height", "fig-dpi", "fig-format", "tbl-cap", "from",
    ]
}
