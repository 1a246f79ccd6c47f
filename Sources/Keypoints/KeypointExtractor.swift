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
        case .middle(let share) where share >= 1: nil
        case .middle(let share):
            Self.bytes(width: width, height: height) { x, y in
                abs(2 * x - 1) <= share && abs(2 * y - 1) <= share
            }
        case .mask(let mask): Self.bytes(width: width, height: height, mask.contains)
        }
    }

    /// - Parameter isInside: Receives the centre of a pixel as shares of the width and the height.
    private static func bytes(
        width: Int, height: Int, _ isInside: (_ x: Double, _ y: Double) -> Bool
    ) -> [UInt8] {
        (0..<height).flatMap { row in
            (0..<width).map { column in
                isInside((Double(column) + 0.5) / Double(width), (Double(row) + 0.5) / Double(height)) ? 1 : 0
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

    /// Whether the cell at these shares of the width and the height, in `0..<1`, shows the animal.
    func contains(_ x: Double, _ y: Double) -> Bool {
        cells[Int(y * Double(height)) * width + Int(x * Double(width))]
    }
}
