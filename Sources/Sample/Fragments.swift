/// The visible surface of a mesh at each sample of a picture: place on the hide, height and normal.
struct Fragments {
    struct Fragment {
        var texel = SIMD2<Float>.zero
        /// Nearness to the camera; the nearer surface is visible.
        var nearness = -Float.infinity
        /// The height above the water's level.
        var height: Float = 0
        /// The unit normal, facing the camera.
        var normal = Vector.zero

        var isCovered: Bool { nearness > -.infinity }
    }

    /// Samples along one side of a pixel.
    static let perPixel = 2
    let width: Int
    let height: Int
    private(set) var samples: [Fragment]

    /// - Complexity: O(samples + triangles).
    init(of mesh: Mesh, camera: Camera, width: Int, height: Int) {
        self.width = width * Self.perPixel
        self.height = height * Self.perPixel
        samples = Array(repeating: Fragment(), count: self.width * self.height)
        let density = Float(Self.perPixel)
        let points = mesh.vertices.map { vertex in
            Corner(
                place: camera.project(vertex.position) * density, nearness: vertex.position.dot(camera.toward),
                vertex: vertex)
        }
        for start in stride(from: 0, to: mesh.triangles.count, by: 3) {
            draw(
                points[Int(mesh.triangles[start])], points[Int(mesh.triangles[start + 1])],
                points[Int(mesh.triangles[start + 2])], toward: camera.toward)
        }
    }

    private struct Corner {
        let place: SIMD2<Float>
        let nearness: Float
        let vertex: Mesh.Vertex
    }

    private mutating func draw(_ a: Corner, _ b: Corner, _ c: Corner, toward: Vector) {
        let (ab, ac) = (b.place - a.place, c.place - a.place)
        let area = ab.x * ac.y - ab.y * ac.x
        if abs(area) < 1e-6 { return }
        let low = pointwiseMin(pointwiseMin(a.place, b.place), c.place)
        let high = pointwiseMax(pointwiseMax(a.place, b.place), c.place)
        let firstColumn = max(0, Int((low.x - 0.5).rounded(.up)))
        let lastColumn = min(width - 1, Int((high.x - 0.5).rounded(.down)))
        let firstRow = max(0, Int((low.y - 0.5).rounded(.up)))
        let lastRow = min(height - 1, Int((high.y - 0.5).rounded(.down)))
        if firstColumn > lastColumn || firstRow > lastRow { return }
        for row in firstRow...lastRow {
            for column in firstColumn...lastColumn {
                let offset = SIMD2(Float(column) + 0.5, Float(row) + 0.5) - a.place
                let v = (offset.x * ac.y - offset.y * ac.x) / area
                let w = (ab.x * offset.y - ab.y * offset.x) / area
                let u = 1 - v - w
                if u < -1e-5 || v < -1e-5 || w < -1e-5 { continue }
                let nearness = u * a.nearness + v * b.nearness + w * c.nearness
                let index = row * width + column
                if nearness <= samples[index].nearness { continue }
                var normal = a.vertex.normal * u + b.vertex.normal * v + c.vertex.normal * w
                if normal.dot(toward) < 0 { normal = -normal }
                samples[index] = Fragment(
                    texel: a.vertex.texel * u + b.vertex.texel * v + c.vertex.texel * w, nearness: nearness,
                    height: a.vertex.position.z * u + b.vertex.position.z * v + c.vertex.position.z * w,
                    normal: normal.unit)
            }
        }
    }
}
