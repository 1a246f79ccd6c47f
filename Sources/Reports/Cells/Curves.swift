import Basics
import Drawing
import Figures

/// Curves over whole numbers that begin at 1, as a chart with its table.
struct Curves {
    /// One curve; a value that is not there is not a number.
    struct Curve {
        let name: String
        let values: [Double]
        /// Where else each value may lie; empty for none.
        var band: [ClosedRange<Double>?] = []
        var isDashed = false
        var isEmphasised = false

        /// The value at a place from 1 with its band; a dash beyond the last.
        fileprivate func text(at place: Int) -> String {
            guard place <= values.count else { return "–" }
            let band = band.indices.contains(place - 1) ? band[place - 1] : nil
            return NumberText.fixed(values[place - 1], 4) + (band.map { " (\(NumberText.interval($0, 3)))" } ?? "")
        }
    }

    let horizontal: String
    let vertical: String
    let curves: [Curve]
    var range: ClosedRange<Double>?

    /// The last place of the longest curve.
    var count: Int { curves.map(\.values.count).max() ?? 0 }

    /// The chart in the size that the cell asks for; the table tells of some places only.
    func figure(for cell: Cell, places: [Int]) -> FigurePart {
        let lines = curves.map { curve in
            LineChart.Line(
                name: curve.name,
                points: curve.values.enumerated().map { Point(Double($0 + 1), $1) }, band: curve.band,
                isDashed: curve.isDashed, isEmphasised: curve.isEmphasised)
        }
        let size = cell.options.figureSize()
        let rows = places.map { place -> [Table.Cell] in
            [.text(String(place))]
                + curves.map { .text($0.text(at: place)) }
        }
        return FigurePart(
            figure: LineChart(horizontal: horizontal, vertical: vertical, lines: lines, range: range, size: size),
            format: .svg,
            table: Table(
                columns: [.init(horizontal, .right)] + curves.map { .init($0.name, .right) }, rows: rows),
            tableTitle: "\(vertical) as a table")
    }
}
