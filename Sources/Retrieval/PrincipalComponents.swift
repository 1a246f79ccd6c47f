import Basics
import COpenBLAS

/// The directions along which embeddings differ most, and where each embedding lies along them.
///
/// Source: Pearson 1901; eigenvectors of the covariance by orthogonal iteration (Golub & Van Loan, Matrix Computations,
/// section 7.3.2).
public struct PrincipalComponents: Sendable {
    /// Of each row its place along every component, the longest component first; the mean of all is 0.
    public let coordinates: [[Double]]
    /// The share of the variance that lies along each component.
    public let shares: [Double]

    /// Directions are found when none moves by more: one less its cosine to where it was.
    private static let tolerance = 1e-13
    /// It takes many steps only where two components are about as long, and then either may come first.
    private static let mostSteps = 2000

    /// Finds the first components.
    ///
    /// - Parameter count: Components; a narrower matrix has as many as columns.
    /// - Complexity: O(D·C² + steps·C²·count) for D rows of C columns.
    public init(of matrix: EmbeddingMatrix, count: Int) {
        let rows = matrix.rows
        let columns = matrix.columns
        let count = min(count, columns)
        let centred = Self.centred(matrix)
        let directions = Self.directions(of: centred, rows: rows, columns: columns, count: count)
        var places = [Double](repeating: 0, count: rows * count)
        if rows > 0, count > 0 {
            cblas_dgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(count), blasint(columns), 1, centred,
                blasint(columns), directions, blasint(columns), 0, &places, blasint(count))
        }
        let coordinates = (0..<rows).map { row in Array(places[row * count..<(row + 1) * count]) }
        let total = centred.reduce(0) { $0 + $1 * $1 }
        self.coordinates = coordinates
        shares = (0..<count).map { component in
            total > 0 ? coordinates.reduce(0) { $0 + $1[component] * $1[component] } / total : 0
        }
    }

    /// The rows less their mean.
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
        let width = blasint(columns)
        var covariance = [Double](repeating: 0, count: columns * columns)
        cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, width, blasint(rows), 1, centred, width, 0, &covariance, width)
        for _ in 0..<mostSteps {
            var next = directions
            cblas_dsymm(
                CblasRowMajor, CblasRight, CblasUpper, blasint(count), width, 1, covariance, width, directions, width,
                0, &next, width)
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

    /// Of a row's length, what may be left of it by rounding alone.
    private static let rounding = 1e-12

    /// Makes rows perpendicular to those before them and of unit length, the largest number of each positive; a row that
    /// has nothing of its own becomes 0.
    private static func orthonormalise(_ rows: inout [Double], columns: Int) {
        for start in stride(from: 0, to: rows.count, by: columns) {
            let own = start..<start + columns
            let whole = own.reduce(0) { $0 + rows[$1] * rows[$1] }.squareRoot()
            // Twice, since what is left of a row that nearly lay in the others has lost its digits the first time.
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
