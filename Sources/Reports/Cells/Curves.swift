import Basics
import Drawing
import Figures

/// Curves over whole numbers that begin at 1, as a chart with its table.
struct Curves {
    /// One curve; a value that is not there is not a number.
    struct Curve {
        let name: String
        let values: [Double]
        var isDashed = false
        var isEmphasised = false
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
                points: curve.values.enumerated().map { Point(Double($0 + 1), $1) },
                isDashed: curve.isDashed, isEmphasised: curve.isEmphasised)
        }
        let size = Size((cell.options.figureWidth ?? 7.5) * 96, (cell.options.figureHeight ?? 4) * 96)
        let rows = places.map { place -> [Table.Cell] in
            [.text(String(place))]
                + curves.map { curve in
                    .text(place <= curve.values.count ? NumberText.fixed(curve.values[place - 1], 4) : "–")
                }
        }
        return FigurePart(
            figure: LineChart(horizontal: horizontal, vertical: vertical, lines: lines, range: range, size: size),
            format: .svg,
            table: Table(
                columns: [.init(horizontal, .right)] + curves.map { .init($0.name, .right) }, rows: rows),
            tableTitle: "\(vertical) as a table")
    }
}
