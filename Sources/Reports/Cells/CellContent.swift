import Basics

/// What a verb makes.
struct CellContent {
    /// A piece of a cell's output.
    enum Part {
        case figure(FigurePart)
        case table(Table)
        /// Markdown that is right as it is.
        case markdown(String)
        /// A table that unfolds when asked for.
        case folded(summary: String, Table)
    }

    var parts: [Part] = []
    /// What the caption may name beside everything else, such as `shown`.
    var values: [String: JSONValue] = [:]
    /// What the reader should know of this output.
    var notes: [String] = []
    /// Fields of the front matter that it shows as left empty.
    var gaps: [String] = []
    /// How the numbers were counted; nil where there are none to count.
    var contract: String?
    /// What the figures take photographs from; those that it could not read are noted once all are drawn.
    var thumbnails: Thumbnails?
    /// Whether each figure with a place of its own, and what follows it without, may go to another page where one page grows too long.
    var isGallery = false
    /// What a web page lets its reader choose the parts of a gallery by; empty for nothing.
    var facets: [String] = []

    /// The figures among the parts.
    var figures: [FigurePart] { parts.compactMap { if case .figure(let figure) = $0 { figure } else { nil } } }
}
