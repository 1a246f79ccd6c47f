/// The importance of each place in a square picture, from 0 to 1, row by row from the top.
public struct HeatMap: Sendable, Equatable {
    /// The number of rows.
    public let height: Int
    /// The number of columns.
    public let width: Int
    /// `height × width` numbers; the largest is 1 unless all are 0.
    public let values: [Double]

    /// Scales `height × width` numbers, row by row, so that the largest is 1; negative ones become 0.
    public init(height: Int, width: Int, scaling values: [Double]) {
        precondition(values.count == height * width, "\(values.count) values for a \(height) x \(width) map")
        self.height = height
        self.width = width
        let largest = values.max() ?? 0
        self.values = values.map { largest > 0 ? max(0, $0) / largest : 0 }
    }

    /// The heat at a place, interpolated between the centres of the nearest cells.
    ///
    /// - Parameters:
    ///   - x: Share of the width from the left, within 0…1.
    ///   - y: Share of the height from the top, within 0…1.
    /// - Returns: A number from 0 to 1.
    public func heat(x: Double, y: Double) -> Double {
        let (left, right, across) = Self.neighbours(x, of: width)
        let (top, bottom, down) = Self.neighbours(y, of: height)
        func row(_ row: Int) -> Double {
            values[row * width + left] * (1 - across) + values[row * width + right] * across
        }
        return row(top) * (1 - down) + row(bottom) * down
    }

    /// The share of the heat that lies on the true cells of a finer grid over the same square, in rows of `columns` from
    /// the top; nil if there is no heat. The heat is that at the cells' centres, as it is drawn.
    ///
    /// Source: Wang et al., Score-CAM, CVPR Workshops 2020: the energy-based pointing game.
    public func share(on cells: [Bool], columns: Int) -> Double? {
        let rows = cells.count / columns
        var (inside, whole) = (0.0, 0.0)
        for (place, isInside) in cells.enumerated() {
            let heat = heat(
                x: (Double(place % columns) + 0.5) / Double(columns), y: (Double(place / columns) + 0.5) / Double(rows))
            whole += heat
            if isInside { inside += heat }
        }
        return whole > 0 ? inside / whole : nil
    }

    /// The cells on either side of a place, and the fraction of the way from the first to the second.
    private static func neighbours(_ share: Double, of count: Int) -> (first: Int, second: Int, share: Double) {
        let place = min(max(share * Double(count) - 0.5, 0), Double(count - 1))
        let first = Int(place)
        return (first, min(first + 1, count - 1), place - Double(first))
    }
}
