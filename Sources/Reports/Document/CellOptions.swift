import Options

/// The options of a cell of any kind, `#| name: value`, under Quarto's names.
public struct CellOptions: OptionGroup {
    @Option(
        """
        The name for references, `@fig-name` or `@tbl-name`, and for the files of the cell's figures. Figures and tables \
        with a label are numbered.
        """, as: .form(labelForm))
    public var label: String? = nil
    @Option("Whether the cell's source is shown above its output.")
    public var echo = false
    @Option("Whether the cell runs.")
    public var eval = true
    @Option("Whether anything of the cell is shown; it runs in any case.")
    public var include = true
    @Option("Whether the output is shown.")
    public var output = true
    @Option("Whether notes are shown; stale results are always marked.")
    public var warning = true
    @Option("Whether a failure is intended: it is shown and does not count as an error.")
    public var error = false
    @Option(
        "The caption of a figure; it may contain inline values, also those of the cell, such as `shown`.",
        named: "fig-cap")
    public var figureCaption: String? = nil
    @Option(
        "The text for readers who do not see the figure; `auto` makes a sentence from the data.", or: "auto",
        named: "fig-alt")
    public var figureAlternative: String? = nil
    @Option("The width of a chart in inches; the default depends on the kind.", in: 0.5...40, named: "fig-width")
    public var figureWidth: Double? = nil
    @Option("The height of a chart in inches; the default depends on the kind.", in: 0.5...40, named: "fig-height")
    public var figureHeight: Double? = nil
    @Option("The pixels per inch of a picture; 144 by default.", in: 24...600, named: "fig-dpi")
    public var figureResolution: Double? = nil
    @Option(
        """
        The file format of figures; by default `svg` for charts and `png` for photographs. `jpeg` makes files of \
        photographs smaller.
        """, named: "fig-format")
    var figureFormat: FigureFormat? = nil
    @Option("The caption of a table; it may contain inline values, also those of the cell.", named: "tbl-cap")
    public var tableCaption: String? = nil
    @Option(
        """
        The stages that the cell reads; by default those of its kind. A stage may select its result, as in \
        `train[member=lite0]`.
        """, as: .either(.list(.form(stageForm), allowsEmpty: true), .form(stageForm)))
    public var from: OneOrMany<String>? = nil

    public init() {}

    /// The options in the order of their declaration.
    static let declared = CellOptions().declarations

    private static let labelForm = TextForm("a name, such as fig-failures") { text in
        text.wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]*/) != nil
            ? nil
            : (
                "the label \(quoted: text) is not a valid name",
                "Use letters, digits, '-' and '_', such as 'fig-failures'."
            )
    }

    /// Whether there is such a stage is checked only if the cell runs.
    private static let stageForm = TextForm("the name of a stage") { _ in nil }
}

/// The file format of a figure.
enum FigureFormat: String, OptionChoice {
    /// Curves and bars: sharp at every size.
    case svg
    /// Photographs.
    case png
    /// Photographs in a fraction of the bytes; letters have faint shadows.
    case jpeg
}
