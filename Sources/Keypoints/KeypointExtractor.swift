import Basics
import Imaging
import Matching

/// Finds keypoints in a picture and describes them.
public protocol KeypointExtractor: Sendable {
    /// The extractor and every setting that changes its features, such as `rootsift side 256`.
    var name: String { get }
    /// The numbers of a descriptor.
    var columns: Int { get }
    /// The long side in pixels to which larger pictures are reduced.
    var side: Int { get }

    /// The features of a picture whose long side is at most ``side``, the strongest first.
    ///
    /// The same picture gives the same features on the same kind of processor, whatever the number of threads.
    ///
    /// - Throws: ``KeypointError``.
    func features(inReduced picture: Raster, within region: KeypointRegion) throws -> LocalFeatures
}

extension KeypointExtractor {
    /// The features of a picture of any size: it is reduced to ``side`` if it is larger, and never enlarged.
    ///
    /// - Throws: ``KeypointError``.
    public func features(in picture: Raster, within region: KeypointRegion) throws -> LocalFeatures {
        let longest = max(picture.width, picture.height)
        guard longest > side else { return try features(inReduced: picture, within: region) }
        func reduced(_ length: Int) -> Int {
            max(1, Int((Double(length) * Double(side) / Double(longest)).rounded()))
        }
        let small = picture.resized(width: reduced(picture.width), height: reduced(picture.height))
        return try features(inReduced: small, within: region)
    }

    /// The features of a photograph, or of the part within its box, upright.
    ///
    /// A large JPEG is decoded at a half, a quarter or an eighth of its size.
    ///
    /// - Throws: `FileError`, `ImagingError`, ``KeypointError``.
    public func features(of photograph: PhotographFile, within region: KeypointRegion) throws -> LocalFeatures {
        try features(in: Raster.decoding(photograph, atLeast: 2 * side), within: region)
    }
}

/// The part of a picture that may have keypoints; their surroundings may reach beyond it.
public enum KeypointRegion: Sendable, Equatable {
    /// A rectangle in the middle with this share of the width and of the height, in `0...1`; 1 is the whole picture.
    ///
    /// Behind an animal, photographs of one encounter show the same plants, which match better than its marks.
    case middle(share: Double)
    /// The animal's outline.
    case mask(KeypointMask)

    /// A byte for each pixel of a picture, row by row: 0 outside; nil if the region is the whole picture.
    func bytes(width: Int, height: Int) -> [UInt8]? {
        switch self {
        case .middle(let share) where share >= 1: return nil
        case .middle(let share):
            func line(_ count: Int) -> [UInt8] {
                (0..<count).map { abs((2 * Double($0) + 1) / Double(count) - 1) <= share ? 1 : 0 }
            }
            let (inside, outside) = (line(width), Array(repeating: UInt8(0), count: width))
            return line(height).flatMap { $0 == 1 ? inside : outside }
        case .mask(let mask):
            // The cell of a pixel's centre.
            let columns = (0..<width).map { (2 * $0 + 1) * mask.width / (2 * width) }
            return (0..<height).flatMap { row in
                let start = (2 * row + 1) * mask.height / (2 * height) * mask.width
                return columns.map { mask.cells[start + $0] ? UInt8(1) : 0 }
            }
        }
    }
}

/// An animal's outline in a photograph, or in the part within its box: a grid over the whole picture, of any size.
public struct KeypointMask: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// Whether each cell of the grid shows the animal, row by row from the top.
    public let cells: [Bool]

    /// Creates an outline.
    ///
    /// - Throws: ``KeypointError/badMask(width:height:cells:)`` unless there is a cell for each row and column.
    public init(width: Int, height: Int, cells: [Bool]) throws(KeypointError) {
        guard width > 0, height > 0, width.multipliedReportingOverflow(by: height) == (cells.count, false) else {
            throw .badMask(width: width, height: height, cells: cells.count)
        }
        self.width = width
        self.height = height
        self.cells = cells
    }
}
