import Drawing

/// How a chart draws one of its lines.
struct LineLook: Equatable {
    let color: Color
    let marker: Marker
    let width: Double
    let dash: [Double]

    /// The looks of all lines: what is emphasised black and heavy, what is dashed grey, others in turn.
    static func looks(of lines: [LineChart.Line]) -> [LineLook] {
        var turn = 0
        var isBlackTaken = false
        return lines.enumerated().map { index, line in
            let color: Color
            if line.isEmphasised, !isBlackTaken {
                color = Palette.ink
                isBlackTaken = true
            } else if line.isDashed {
                color = Palette.reference
            } else {
                color = Palette.lines[turn % Palette.lines.count]
                turn += 1
            }
            return LineLook(
                color: color, marker: Marker.allCases[index % Marker.allCases.count],
                width: line.isEmphasised ? 2.6 : 1.6, dash: line.isDashed ? [5, 4] : [])
        }
    }
}
