import Drawing

extension RetrievalGrid {
    public var size: Size { get throws { try drawing.size } }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) { drawing.draw(on: canvas) }

    private var drawing: AnswerRows {
        AnswerRows(
            rows.map {
                AnswerRow(query: $0.query, strands: [.init(answers: $0.answers)], missed: $0.missed, note: $0.note)
            })
    }
}
