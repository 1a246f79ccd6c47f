/// The pixels of a picture that show an animal, as runs down its columns.
///
/// A picture of any size takes memory only for its runs.
public struct RunMask: Sendable, Equatable {
    /// Columns of the picture.
    public let width: Int
    /// Rows of the picture.
    public let height: Int
    /// The pixels inside, as ranges of `column * height + row`: ascending, and neither empty nor adjacent.
    public let runs: [Range<Int>]

    /// Joins runs, in any order and overlapping or not, that lie within the picture.
    ///
    /// - Complexity: O(n log n) for n runs.
    init(_ sides: PictureSides, runs: [Range<Int>]) {
        (width, height) = (sides.width, sides.height)
        var joined: [Range<Int>] = []
        for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) where !run.isEmpty {
            if let last = joined.last, run.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
            } else {
                joined.append(run)
            }
        }
        self.runs = joined
    }

    /// The number of pixels inside.
    public var area: Int { runs.reduce(0) { $0 + $1.count } }

    /// Whether a pixel shows the animal; false for one outside the picture.
    ///
    /// - Complexity: O(log n) for n runs.
    public func contains(column: Int, row: Int) -> Bool {
        guard column >= 0, column < width, row >= 0, row < height else { return false }
        let pixel = column * height + row
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].upperBound > pixel { high = middle } else { low = middle + 1 }
        }
        return low < runs.count && runs[low].contains(pixel)
    }
}

extension RunMask {
    /// Decodes COCO's run lengths: pixels outside, inside, outside and so on, down the columns.
    ///
    /// - Throws: ``OutlineFlaw`` for a negative count, or if the counts are not those of a picture with these sides.
    init(_ sides: PictureSides, counts: [Int]) throws(OutlineFlaw) {
        let area = sides.width * sides.height
        var runs: [Range<Int>] = []
        var start = 0
        for (place, count) in counts.enumerated() {
            guard count >= 0, count <= area - start else {
                throw OutlineFlaw("the run \(count) leaves the picture of \(sides.width) x \(sides.height) pixels")
            }
            if place % 2 == 1 { runs.append(start..<start + count) }
            start += count
        }
        guard start == area else {
            throw OutlineFlaw(
                "the runs cover \(start) pixels of a picture of \(sides.width) x \(sides.height) pixels")
        }
        self.init(sides, runs: runs)
    }

    /// Decodes the counts of COCO's compressed run lengths: five bits in a character from `0` on, the lowest first; a
    /// sixth says that more follow. From the fourth count on, each is the difference from the one before the last.
    ///
    /// - Throws: ``OutlineFlaw``.
    ///
    /// Source: `rleFrString` in pycocotools' maskApi.c.
    static func counts(compressed text: String) throws(OutlineFlaw) -> [Int] {
        // More groups of five bits than the count of any picture has.
        let mostGroups = 7
        var counts: [Int] = []
        var (value, groups) = (0, 0)
        for byte in text.utf8 {
            guard (0x30..<0x70).contains(byte), groups < mostGroups else {
                throw OutlineFlaw("the counts are not COCO's compressed run lengths")
            }
            let bits = Int(byte) - 0x30
            value |= (bits & 0x1F) << (5 * groups)
            groups += 1
            guard bits & 0x20 == 0 else { continue }
            if bits & 0x10 != 0 { value |= -1 << (5 * groups) }
            // Two earlier counts and the difference are each below 2^35.
            if counts.count > 2 { value += counts[counts.count - 2] }
            guard value.magnitude < 1 << 40 else {
                throw OutlineFlaw("the counts are not COCO's compressed run lengths")
            }
            counts.append(value)
            (value, groups) = (0, 0)
        }
        guard groups == 0 else { throw OutlineFlaw("the counts are cut short") }
        return counts
    }
}

extension RunMask {
    /// The longest boundary of a polygon in pixels: about seven times around the largest picture.
    private static let longestBoundary = 2_000_000.0
    /// Steps along a boundary in a pixel.
    private static let fineness = 5.0

    /// Draws polygons as pycocotools does; a pixel is inside if any polygon holds it.
    ///
    /// A part of a polygon that it encircles twice, such as a hole that a cut joins to the boundary, is outside.
    ///
    /// - Parameters:
    ///   - sides: The picture's sides.
    ///   - polygons: `x0, y0, x1, y1 …` in pixels, at least three points each.
    /// - Throws: ``OutlineFlaw`` for points far outside the picture and for an endless boundary.
    /// - Complexity: O(boundary) time.
    ///
    /// Source: `rleFrPoly` in pycocotools' maskApi.c.
    init(_ sides: PictureSides, polygons: [[Double]]) throws(OutlineFlaw) {
        var runs: [Range<Int>] = []
        var boundary = 0.0
        for polygon in polygons {
            let crossings = try Self.crossings(of: polygon, in: sides, boundary: &boundary)
            for place in stride(from: 0, to: crossings.count, by: 2) {
                let end = place + 1 < crossings.count ? crossings[place + 1] : sides.width * sides.height
                runs.append(crossings[place]..<end)
            }
        }
        self.init(sides, runs: runs)
    }

    /// The pixels, down the columns, at which a polygon's boundary is crossed, ascending.
    private static func crossings(
        of polygon: [Double], in sides: PictureSides, boundary: inout Double
    ) throws(OutlineFlaw) -> [Int] {
        let (width, height) = (Double(sides.width), Double(sides.height))
        let points = try stride(from: 0, to: polygon.count, by: 2).map { place throws(OutlineFlaw) in
            let (x, y) = (polygon[place], polygon[place + 1])
            // Written so that numbers which are not finite fail.
            guard abs(x) <= 2 * width + 1, abs(y) <= 2 * height + 1 else {
                throw OutlineFlaw(
                    "the point \(x), \(y) lies far outside the picture of \(sides.width) x \(sides.height) pixels")
            }
            return (x: Int(fineness * x + 0.5), y: Int(fineness * y + 0.5))
        }
        var crossings: [Int] = []
        var before: (x: Int, y: Int)?
        func visit(_ x: Int, _ y: Int) {
            defer { before = (x, y) }
            guard let before, before.x != x else { return }
            let column = (Double(x < before.x ? x : x - 1) + 0.5) / fineness - 0.5
            guard column == column.rounded(.down), column >= 0, column <= width - 1 else { return }
            let row = (Double(min(y, before.y)) + 0.5) / fineness - 0.5
            crossings.append(Int(column) * sides.height + Int(min(max(row, 0), height).rounded(.up)))
        }
        for (place, start) in points.enumerated() {
            let end = points[(place + 1) % points.count]
            let (across, down) = (abs(end.x - start.x), abs(end.y - start.y))
            boundary += Double(max(across, down)) / fineness
            guard boundary <= longestBoundary else {
                throw OutlineFlaw("the boundary is longer than \(Int(longestBoundary)) pixels")
            }
            if across == 0, down == 0 {
                visit(start.x, start.y)
                continue
            }
            let isFlat = across >= down
            let flips = isFlat ? start.x > end.x : start.y > end.y
            let (from, to) = flips ? (end, start) : (start, end)
            let slope = isFlat ? Double(to.y - from.y) / Double(across) : Double(to.x - from.x) / Double(down)
            let count = isFlat ? across : down
            for step in 0...count {
                let along = flips ? count - step : step
                let other = Int(Double(isFlat ? from.y : from.x) + slope * Double(along) + 0.5)
                visit(isFlat ? from.x + along : other, isFlat ? other : from.y + along)
            }
        }
        return crossings.sorted()
    }
}

/// What is wrong with an outline, without a final full stop.
struct OutlineFlaw: Error, Equatable {
    let problem: String

    init(_ problem: String) { self.problem = problem }
}
