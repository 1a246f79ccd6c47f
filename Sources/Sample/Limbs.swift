import Drawing
import Foundation

extension Mesh {
    /// Adds the fluke: a sheet from tip to tip behind the tail stock.
    mutating func addFluke(of whale: Whale, on spine: Spine, pose: Pose) {
        let (columns, rows) = (49, 9)
        let fluke = whale.fluke
        guard let root = spine.stations.last(where: { $0.along < 0.945 }) else { return }
        let lift = Float(pose.stroke)
        let back = -root.forward * lift.cosine + root.up * lift.sine
        addSheet(rows: rows, columns: columns) { row, column in
            let span = 2 * Float(column) / Float(columns - 1) - 1
            let depth = Float(row) / Float(rows - 1)
            let reach = abs(span)
            let lead = Float(fluke.sweep) * 0.062 * pow(reach, 1.5)
            let chord = fluke.chord(at: span)
            // The tips bend down a little.
            let droop = -0.012 * span * span
            return Vertex(
                position: root.position + back * (lead + chord * depth) + root.left * (span * 0.128 * Float(fluke.span))
                    + root.up * droop,
                texel: Hide.fluke.texel(Float(column) / Float(columns - 1), depth))
        }
    }

    /// Adds a flipper, on the left side for 1 and on the right for -1.
    mutating func addFlipper(of whale: Whale, on spine: Spine, side: Float) {
        let (rows, columns) = (13, 6)
        guard let root = spine.stations.last(where: { $0.along < 0.235 }) else { return }
        let build = whale.build
        let out = (root.left * (0.72 * side) - root.up * 0.42 - root.forward * 0.55).unit
        let across = (root.forward - out * root.forward.dot(out)).unit
        let foot = root.position + root.left * (0.062 * side) - root.up * 0.045
        addSheet(rows: rows, columns: columns) { row, column in
            let reach = Float(row) / Float(rows - 1)
            let chord = 2 * Float(column) / Float(columns - 1) - 1
            // A paddle: broad beyond the middle, its tip curling up in the old.
            let half = 0.03 * Float(build.flipperWidth) * (0.75 + 0.5 * reach) * (1 - pow(reach, 5)).squareRoot()
            let curl = root.up * (0.02 * reach * reach)
            return Vertex(
                position: foot + out * (reach * 0.115 * Float(build.flipperLength)) + across * (half * chord) + curl,
                texel: Hide.flipper.texel(reach, (chord + 1) / 2))
        }
    }
}

extension Whale.Fluke {
    /// The distance from the leading to the trailing edge, in body lengths.
    fileprivate func chord(at span: Float) -> Float {
        let reach = abs(span)
        let lobe = 1 + Float(bulge) * 0.7 * (Float.pi * min(1, reach * 1.1)).sine
        let middle = 1 - 0.4 * exp(-(reach * reach) / 0.01)
        let whole = 0.088 * Float(chord) * lobe * middle * pow(1 - pow(reach, 2.6), 0.75)
        return cuts.reduce(whole) { rest, cut in
            let distance = (span - Float(cut.span)) / Float(cut.width)
            return rest * (1 - Float(cut.depth) * exp(-distance * distance))
        }
    }
}

extension Rect {
    fileprivate func texel(_ x: Float, _ y: Float) -> SIMD2<Float> {
        SIMD2(Float(self.x) + x * Float(width), Float(self.y) + y * Float(height))
    }
}
