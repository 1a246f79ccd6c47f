/// A surface of triangles.
struct Mesh: Sendable {
    struct Vertex: Sendable {
        var position: Vector
        var normal = Vector.zero
        /// The position of its colour on the hide, in pixels.
        var texel: SIMD2<Float>
    }

    private(set) var vertices: [Vertex] = []
    /// Three positions in ``vertices`` for each triangle.
    private(set) var triangles: [Int32] = []

    /// Adds a sheet of rows and columns of vertices; its normals are computed from its shape.
    ///
    /// `vertex` makes the vertex of a row and a column. A sheet is visible from both sides, so its normals may point
    /// either way.
    mutating func addSheet(rows: Int, columns: Int, vertex: (Int, Int) -> Vertex) {
        let first = vertices.count
        for row in 0..<rows {
            for column in 0..<columns { vertices.append(vertex(row, column)) }
        }
        func position(_ row: Int, _ column: Int) -> Vector { vertices[first + row * columns + column].position }
        for row in 0..<rows {
            for column in 0..<columns {
                let along = position(min(row + 1, rows - 1), column) - position(max(row - 1, 0), column)
                let across = position(row, min(column + 1, columns - 1)) - position(row, max(column - 1, 0))
                vertices[first + row * columns + column].normal = along.cross(across).unit
            }
        }
        for row in 0..<rows - 1 {
            for column in 0..<columns - 1 {
                let corner = Int32(first + row * columns + column)
                let below = corner + Int32(columns)
                triangles += [corner, below, corner + 1, corner + 1, below, below + 1]
            }
        }
    }
}

/// A place or direction in space; the unit is the body length.
///
/// The whale lies along x with its head towards positive x; y points to its left, z up.
typealias Vector = SIMD3<Float>

extension SIMD3<Float> {
    func dot(_ other: Vector) -> Float { (self * other).sum() }

    func cross(_ other: Vector) -> Vector {
        Vector(y, z, x) * Vector(other.z, other.x, other.y) - Vector(z, x, y) * Vector(other.y, other.z, other.x)
    }

    var unit: Vector {
        let square = dot(self)
        return square > 0 ? self / square.squareRoot() : self
    }
}

extension Float {
    func clamped(_ low: Float = 0, _ high: Float = 1) -> Float { Swift.min(high, Swift.max(low, self)) }

    /// A smooth step from 0 at `low` to 1 at `high`.
    func step(_ low: Float, _ high: Float) -> Float {
        let share = ((self - low) / (high - low)).clamped()
        return share * share * (3 - 2 * share)
    }
}
