/// A smooth curve through given points, flat beyond its ends.
struct Profile: Sendable {
    private let knots: [(x: Float, y: Float)]

    /// - Parameter knots: At least two, by ascending x.
    init(_ knots: [(x: Float, y: Float)]) { self.knots = knots }

    /// The curve's height (cubic Hermite, slopes of the neighbouring knots' chords).
    func callAsFunction(_ x: Float) -> Float {
        guard let index = knots.lastIndex(where: { $0.x <= x }) else { return knots[0].y }
        guard index + 1 < knots.count else { return knots[index].y }
        let (start, end) = (knots[index], knots[index + 1])
        let width = end.x - start.x
        let t = (x - start.x) / width
        let (first, second) = (slope(at: index) * width, slope(at: index + 1) * width)
        let (t2, t3) = (t * t, t * t * t)
        return (2 * t3 - 3 * t2 + 1) * start.y + (t3 - 2 * t2 + t) * first + (3 * t2 - 2 * t3) * end.y
            + (t3 - t2) * second
    }

    private func slope(at index: Int) -> Float {
        let (before, after) = (knots[max(0, index - 1)], knots[min(knots.count - 1, index + 1)])
        return (after.y - before.y) / (after.x - before.x)
    }
}
