/// A surface of triangles.
struct Mesh: Sendable {
    struct Vertex: Sendable {
        var position: Vector
        var normal = Vector.zero
        /// Where its colour lies on the hide, in pixels.
        var texel: SIMD2<Float>
    }

    private(set) var vertices: [Vertex] = []
    /// Three positions in ``vertices`` for each triangle.
    private(set) var triangles: [Int32] = []

    /// Adds a sheet of rows and columns of vertices; its normals follow from its shape.
    ///
    /// - Parameter vertex: Gives the vertex of a row and a column. A sheet is seen from both sides: its normals may
    ///   point to either.
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
