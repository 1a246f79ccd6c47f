import Basics

/// The directions along which embeddings differ most, and each embedding's coordinates along them.
///
/// Source: Pearson 1901; eigenvectors of the covariance by orthogonal iteration (Golub & Van Loan, Matrix Computations,
/// section 7.3.2).
public struct PrincipalComponents: Sendable {
    /// Each row's coordinates along the components, the longest component first; their mean is 0.
    public let coordinates: [[Double]]
    /// The share of the variance along each component.
    public let shares: [Double]

    /// The iteration ends when no direction moves by more, measured by 1 minus the cosine.
    private static let tolerance = 1e-13
    /// Many steps are needed only if two components are about equally long; then either can come first.
    private static let mostSteps = 2000

    /// Finds the first `count` components, at most as many as the columns.
    ///
    /// - Complexity: O(D·C² + steps·C²·count) for D rows of C columns.
    public init(of matrix: EmbeddingMatrix, count: Int) {
        let rows = matrix.rows
        let columns = matrix.columns
        let count = min(count, columns)
        let centred = Self.centred(matrix)
        let directions = Self.directions(of: centred, rows: rows, columns: columns, count: count)
        let coordinates = (0..<rows).map { row in
            (0..<count).map { component in
                (0..<columns).reduce(0) { $0 + centred[row * columns + $1] * directions[component * columns + $1] }
            }
        }
        let total = centred.reduce(0) { $0 + $1 * $1 }
        self.coordinates = coordinates
        shares = (0..<count).map { component in
            total > 0 ? coordinates.reduce(0) { $0 + $1[component] * $1[component] } / total : 0
        }
    }

    /// The rows minus their mean.
    private static func centred(_ matrix: EmbeddingMatrix) -> [Double] {
        var result = matrix.values.map(Double.init)
        for column in 0..<matrix.columns {
            let places = stride(from: column, to: result.count, by: matrix.columns)
            let mean = places.reduce(0) { $0 + result[$1] } / Double(max(1, matrix.rows))
            for place in places { result[place] -= mean }
        }
        return result
    }

    /// The components' directions, of unit length, one after the other.
    private static func directions(of centred: [Double], rows: Int, columns: Int, count: Int) -> [Double] {
        guard rows > 0, count > 0 else { return [] }
        var generator = SeededGenerator(seed: 0, "principal components")
        var directions = (0..<count * columns).map { _ in generator.normal() }
        orthonormalise(&directions, columns: columns)
        let covariance = covariance(of: centred, rows: rows, columns: columns)
        for _ in 0..<mostSteps {
            var next = [Double](repeating: 0, count: directions.count)
            for component in 0..<count {
                for (column, row) in covariance.enumerated() {
                    let own = component * columns
                    next[own + column] = (0..<columns).reduce(0) { $0 + row[$1] * directions[own + $1] }
                }
            }
            orthonormalise(&next, columns: columns)
            let isSettled = (0..<count).allSatisfy { component in
                let own = component * columns..<(component + 1) * columns
                let isNothing = next[own].allSatisfy { $0 == 0 }
                return isNothing
                    || abs(1 - abs(zip(directions[own], next[own]).reduce(0) { $0 + $1.0 * $1.1 })) < tolerance
            }
            directions = next
            if isSettled { break }
        }
        return directions
    }

    /// Each column's products with every column, summed over the rows in their order. A library's sums depend on its
    /// threads, and a map of a thousand steps depends on every bit.
    private static func covariance(of centred: [Double], rows: Int, columns: Int) -> [[Double]] {
        parallelMap(columns) { column in
            centred.withUnsafeBufferPointer { centred in
                var sums = [Double](repeating: 0, count: columns)
                sums.withUnsafeMutableBufferPointer { sums in
                    for start in stride(from: 0, to: rows * columns, by: columns) {
                        let factor = centred[start + column]
                        for other in 0..<columns { sums[other] += factor * centred[start + other] }
                    }
                }
                return sums
            }
        }
    }

    /// The share of a row's length that rounding alone can leave.
    private static let rounding = 1e-12

    /// Makes rows perpendicular to those before them and of unit length, with the largest number of each positive; a
    /// row that depends on those before becomes 0.
    private static func orthonormalise(_ rows: inout [Double], columns: Int) {
        for start in stride(from: 0, to: rows.count, by: columns) {
            let own = start..<start + columns
            let whole = own.reduce(0) { $0 + rows[$1] * rows[$1] }.squareRoot()
            // Twice, since the first pass leaves few correct digits of a row that nearly depends on the others.
            for turn in 0..<2 * start / columns {
                let earlier = turn * columns % start
                let share = (0..<columns).reduce(0) { $0 + rows[start + $1] * rows[earlier + $1] }
                for column in 0..<columns { rows[start + column] -= share * rows[earlier + column] }
            }
            let length = own.reduce(0) { $0 + rows[$1] * rows[$1] }.squareRoot()
            let largest = own.max { abs(rows[$0]) < abs(rows[$1]) }.map { rows[$0] } ?? 1
            let scale = length > rounding * whole ? (largest < 0 ? -1 : 1) / length : 0
            for place in own { rows[place] *= scale }
        }
    }
}
