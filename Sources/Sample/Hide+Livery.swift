import Drawing
import Foundation

extension Canvas {
    /// Draws a field on the spread hide, its edge soft and uneven, with freckles about it.
    func draw(_ field: Livery.Field) {
        // Fills, each smaller, make an edge that is not sharp; together they have the whole strength.
        let soft = min(0.035, 0.22 * (field.back - field.front))
        let margins = (0..<9).map { soft * (0.5 - Double($0) / 8) }
        let layer = field.tint.opacity(1 - pow(1 - field.strength, 1 / Double(margins.count)))
        for margin in margins { fill(field.path(margin: margin), layer) }
        for freckle in field.freckles {
            fill(
                .circle(center: Hide.point(freckle.place), radius: freckle.radius * Double(Hide.width)),
                field.tint.opacity(0.45 * field.strength))
        }
    }
}

extension Livery.Field {
    /// The outline, widened by `margin` as a share of the body's length.
    fileprivate func path(margin: Double) -> Path {
        let reach = reach + margin / Hide.girth
        let (middle, half) = ((front + back) / 2, (back - front) / 2)
        let steps = Self.edgeSteps
        func edge(_ side: Double, _ strays: ArraySlice<Double>) -> [Point] {
            zip(0..., strays).map { index, stray in
                let share = 2 * (Double(index) + 0.5) / Double(steps) - 1
                // A field that ends on the flanks grows narrow towards its end.
                let width = reach > .pi ? half : half * sqrt(1 - share * share)
                return Hide.point(Place(middle + side * (width + margin) + stray, share * reach))
            }
        }
        return .smooth(edge(-1, edges.prefix(steps)) + edge(1, edges.suffix(steps)).reversed(), closed: true)
    }
}
