import Foundation

/// The shape of a beluga as a mesh: body, fluke and flippers.
enum Body {
    private static let rings = 96
    private static let spokes = 72

    /// Half widths and heights above and below the spine, as shares of the length behind the snout.
    private static let halfWidth = Profile([
        (0, 0), (0.006, 0.02), (0.02, 0.034), (0.05, 0.05), (0.09, 0.062), (0.14, 0.066), (0.2, 0.08), (0.3, 0.103),
        (0.41, 0.111), (0.54, 0.1), (0.67, 0.073), (0.8, 0.042), (0.9, 0.024), (0.96, 0.017), (1, 0.006),
    ])
    private static let above = Profile([
        (0, 0), (0.006, 0.022), (0.02, 0.045), (0.05, 0.066), (0.085, 0.072), (0.14, 0.066), (0.21, 0.078),
        (0.31, 0.094), (0.41, 0.099), (0.54, 0.09), (0.67, 0.069), (0.8, 0.046), (0.9, 0.031), (0.96, 0.02), (1, 0.004),
    ])
    private static let below = Profile([
        (0, 0), (0.006, 0.018), (0.02, 0.03), (0.05, 0.044), (0.1, 0.056), (0.16, 0.066), (0.25, 0.092), (0.4, 0.112),
        (0.55, 0.1), (0.68, 0.075), (0.8, 0.05), (0.9, 0.032), (0.96, 0.02), (1, 0.004),
    ])

    static func mesh(of whale: Whale, pose: Pose) -> Mesh {
        // Rings stand closer at the blunt head.
        let alongs = (0...rings).map { pow(Float($0) / Float(rings), 1.3) }
        let spine = Spine(pose, at: alongs)
        var mesh = Mesh()
        let sections = spine.stations.map { Section(whale, along: $0.along) }
        mesh.addSheet(rows: rings + 1, columns: spokes + 1) { row, column in
            let station = spine.stations[row]
            let around = Float.pi * (2 * Float(column) / Float(spokes) - 1)
            let offset = sections[row].offset(around)
            return Mesh.Vertex(
                position: station.position + station.left * offset.x + station.up * offset.y,
                texel: SIMD2(
                    station.along * Float(Hide.width), Float(column) / Float(spokes) * Float(Hide.bodyHeight)))
        }
        mesh.addFluke(of: whale, on: spine, pose: pose)
        for side in [Float(-1), 1] { mesh.addFlipper(of: whale, on: spine, side: side) }
        return mesh
    }

    /// A cross section of the body.
    private struct Section {
        let width, above, below: Float
        let ridge: Float

        init(_ whale: Whale, along: Float) {
            let build = whale.build
            func factor(_ factor: Double, _ share: Float) -> Float { 1 + (Float(factor) - 1) * share }
            let trunk = along.step(0.12, 0.3) * (1 - along.step(0.6, 0.85))
            let head = 1 - along.step(0.07, 0.15)
            let neck = along.step(0.08, 0.14) * (1 - along.step(0.17, 0.26))
            let stock = along.step(0.65, 0.85)
            let girth = factor(build.girth, trunk) * factor(build.neck, neck) * factor(build.stock, stock)
            width = Body.halfWidth(along) * girth * factor(build.melon, 0.6 * head)
            above = Body.above(along) * girth * factor(build.melon, head)
            below = Body.below(along) * girth
            // A notch takes a piece out of the ridge.
            let cut = whale.notches.reduce(Float(0)) { cut, notch in
                let distance = (along - Float(notch.along)) / Float(notch.width)
                return max(cut, Float(notch.depth) * exp(-distance * distance))
            }
            ridge = 0.011 * along.step(0.36, 0.44) * (1 - along.step(0.66, 0.78)) * (1 - 1.3 * cut)
        }

        /// Left and up of the spine.
        func offset(_ around: Float) -> SIMD2<Float> {
            let (sine, cosine) = (around.sine, around.cosine)
            let crest = ridge * exp(-(around * around) / 0.02)
            return SIMD2(width * sine, (cosine > 0 ? above : below) * cosine + crest)
        }
    }
}

extension Mesh {
    /// Where a whale's mesh breathes.
    var blowhole: Vector {
        let place = Hide.point(Place(0.112, 0))
        let target = SIMD2(Float(place.x), Float(place.y))
        func distance(_ vertex: Vertex) -> Float { let way = vertex.texel - target; return (way * way).sum() }
        return vertices.min { distance($0) < distance($1) }?.position ?? .zero
    }
}

extension Float {
    var sine: Float { sin(self) }
    var cosine: Float { cos(self) }
}
