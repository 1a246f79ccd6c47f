import Drawing
import Foundation
import Imaging

/// The shape of a beluga as a mesh: body, fluke and flippers.
enum Body {
    private static let rings = 96
    private static let spokes = 72

    /// Half widths, and heights above and below the spine, by share of body length from the snout.
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
        // Rings are closer together at the blunt head.
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
            // A notch removes a piece of the ridge.
            let cut = whale.notches.reduce(Float(0)) { cut, notch in
                let distance = (along - Float(notch.along)) / Float(notch.width)
                return max(cut, Float(notch.depth) * exp(-distance * distance))
            }
            ridge = 0.011 * along.step(0.36, 0.44) * (1 - along.step(0.66, 0.78)) * (1 - 1.3 * cut)
        }

        /// Offsets to the left of and above the spine.
        func offset(_ around: Float) -> SIMD2<Float> {
            let (sine, cosine) = (around.sine, around.cosine)
            let crest = ridge * exp(-(around * around) / 0.02)
            return SIMD2(width * sine, (cosine > 0 ? above : below) * cosine + crest)
        }
    }
}

extension Mesh {
    /// The position of the blowhole.
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

/// The whale as seen in the water, pixel by pixel.
struct BodyLayer {
    struct Pixel {
        /// Colour times its visible share, and that share as the fourth component.
        var color = SIMD4<Float>.zero
        /// The share of the pixel above the water.
        var dry: Float = 0
        /// The share of the pixel at the waterline.
        var waterline: Float = 0
    }

    let width: Int
    let height: Int
    private(set) var pixels: [Pixel]

    init(_ fragments: Fragments, hide: Hide, weather: Weather, camera: Camera, waves: Waves, noise: ValueNoise) {
        let density = Fragments.perPixel
        width = fragments.width / density
        height = fragments.height / density
        pixels = Array(repeating: Pixel(), count: width * height)
        let light = SkinLight(hide: hide, weather: weather, camera: camera, noise: noise)
        let share = 1 / Float(density * density)
        for row in 0..<height {
            for column in 0..<width {
                var sum = Pixel()
                for sample in 0..<density * density {
                    let index =
                        (row * density + sample / density) * fragments.width + column * density + sample % density
                    let fragment = fragments.samples[index]
                    if fragment.isCovered { light.add(fragment, level: waves.height(column, row), to: &sum) }
                }
                sum.color *= share
                sum.dry *= share
                sum.waterline *= share
                pixels[row * width + column] = sum
            }
        }
    }

    /// The colour at a place between pixels; edge pixels repeat outside.
    func color(_ x: Float, _ y: Float) -> SIMD4<Float> {
        let x = x.clamped(0, Float(width) - 1.001)
        let y = y.clamped(0, Float(height) - 1.001)
        let (column, row) = (Int(x), Int(y))
        let (u, v) = (x - Float(column), y - Float(row))
        let first = row * width + column
        let second = first + (row + 1 < height ? width : 0)
        let next = column + 1 < width ? 1 : 0
        let upper = pixels[first].color * (1 - u) + pixels[first + next].color * u
        let lower = pixels[second].color * (1 - u) + pixels[second + next].color * u
        return upper * (1 - v) + lower * v
    }
}

/// A smooth curve through given points, constant beyond its ends.
struct Profile: Sendable {
    private let knots: [(x: Float, y: Float)]

    /// - Parameter knots: At least two, in ascending order of x.
    init(_ knots: [(x: Float, y: Float)]) { self.knots = knots }

    /// The curve's height (cubic Hermite, with slopes from the chords of neighbouring knots).
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

extension Mesh {
    /// Adds the fluke, a sheet from tip to tip behind the tail stock.
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
            // The tips bend down slightly.
            let droop = -0.012 * span * span
            return Vertex(
                position: root.position + back * (lead + chord * depth) + root.left * (span * 0.128 * Float(fluke.span))
                    + root.up * droop,
                texel: Hide.fluke.texel(Float(column) / Float(columns - 1), depth))
        }
    }

    /// Adds a flipper, left for 1 and right for -1.
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
            // A paddle that is broad beyond its middle, with a tip that curls up with age.
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
