import Basics
import COpenCV
import Foundation
import Imaging
import Matching

/// Scale-invariant features by OpenCV, with the descriptors of RootSIFT.
///
/// A keypoint is an extremum of the differences of Gaussians. Its descriptor counts gradients by place and direction; it
/// is divided by its sum, and the roots are taken, so that inner products compare distributions.
///
/// Sources: Lowe, IJCV 60, 2004 (SIFT); Arandjelović and Zisserman, CVPR 2012 (RootSIFT); Schönberger and Frahm, CVPR
/// 2016 (COLMAP, which also stores 512 times the root in a byte).
public struct SIFT: KeypointExtractor, Equatable {
    public let side: Int
    /// The most keypoints of a picture: the strongest.
    public let count: Int
    /// The least contrast of a keypoint, a share of the full scale; OpenCV divides it by the 3 layers of an octave.
    public let contrast: Double
    /// Whether descriptors stay upright, instead of turning to the gradient's direction.
    public let isUpright: Bool

    public let columns = Int(WB_SIFT_WIDTH)

    /// The greatest ratio of principal curvatures: more is an edge.
    private static let edge = 10.0
    /// A picture with a shorter side has no keypoints: OpenCV ignores 5 pixels at each edge of the doubled picture.
    private static let shortestSide = 8
    /// The value of 1 in a byte; the few greater numbers of a descriptor than 255 / 512 are cut.
    private static let scale: Float = 512

    /// Creates an extractor.
    ///
    /// - Parameters:
    ///   - side: The long side in pixels to which larger pictures are reduced, in `32...1024`.
    ///   - count: The most keypoints of a picture, in `1...8192`.
    ///   - contrast: The least contrast of a keypoint, in `0...1`; less finds more keypoints.
    ///   - isUpright: Whether descriptors stay upright; turned pictures then hardly match.
    /// - Throws: ``KeypointError/badSetting(name:value:range:)``.
    public init(
        side: Int = 256, count: Int = 1024, contrast: Double = 0.02, isUpright: Bool = false
    ) throws(KeypointError) {
        guard (32...1024).contains(side) else {
            throw .badSetting(name: "The long side for keypoints", value: "\(side)", range: "32 to 1024 pixels")
        }
        guard (1...LocalFeatures.mostKeypoints).contains(count) else {
            throw .badSetting(
                name: "The number of keypoints", value: "\(count)", range: "1 to \(LocalFeatures.mostKeypoints)")
        }
        guard (0...1).contains(contrast) else {
            throw .badSetting(name: "The contrast of keypoints", value: "\(contrast)", range: "a number from 0 to 1")
        }
        self.side = side
        self.count = count
        self.contrast = contrast
        self.isUpright = isUpright
    }

    public var name: String {
        "rootsift side \(side) count \(count) contrast \(contrast)\(isUpright ? " upright" : "")"
    }

    public func features(inReduced picture: Raster, within region: KeypointRegion) throws -> LocalFeatures {
        let (width, height) = (picture.width, picture.height)
        guard min(width, height) >= Self.shortestSide else {
            return try LocalFeatures(
                width: width, height: height, keypoints: [], columns: columns, descriptors: Data())
        }
        let found = try found(in: picture, within: region)
        defer { wb_features_free(found) }
        let all = (0..<wb_features_count(found)).map { (index: $0, keypoint: wb_features_keypoint(found, $0)) }
        // The order is complete, because OpenCV's is not.
        let strongest = all.sorted { Self.order($0.keypoint) < Self.order($1.keypoint) }.prefix(count)
        var descriptors = Data(capacity: strongest.count * columns)
        for entry in strongest {
            let descriptor = UnsafeBufferPointer(start: wb_features_descriptor(found, entry.index), count: columns)
            descriptors.append(contentsOf: Self.rootSIFT(descriptor))
        }
        return try LocalFeatures(
            width: width, height: height, keypoints: strongest.map { Keypoint($0.keypoint) }, columns: columns,
            descriptors: descriptors)
    }

    private func found(in picture: Raster, within region: KeypointRegion) throws(KeypointError) -> OpaquePointer {
        let (width, height) = (picture.width, picture.height)
        let levels = picture.luma
        let mask = region.bytes(width: width, height: height)
        var features: OpaquePointer?
        var error = wb_opencv_error()
        let options = wb_sift_options(contrast: contrast, edge: Self.edge, is_upright: isUpright ? 1 : 0)
        func sift(_ mask: UnsafePointer<UInt8>?) -> Int32 {
            wb_sift(levels, Int32(width), Int32(height), mask, options, &features, &error)
        }
        let status = mask.map { $0.withUnsafeBufferPointer { sift($0.baseAddress) } } ?? sift(nil)
        if status == WB_OPENCV_OUT_OF_MEMORY { throw .outOfMemory(width: width, height: height) }
        guard status == WB_OPENCV_OK, let features else {
            let reason = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw .failed(width: width, height: height, reason: reason)
        }
        return features
    }

    /// Strongest first, then by place from the top left, size and angle.
    private static func order(_ keypoint: wb_keypoint) -> (Float, Float, Float, Float, Float) {
        (-keypoint.strength, keypoint.y, keypoint.x, keypoint.size, keypoint.angle)
    }

    private static func rootSIFT(_ descriptor: UnsafeBufferPointer<Float>) -> [UInt8] {
        let sum = descriptor.reduce(0, +)
        guard sum > 0 else { return Array(repeating: 0, count: descriptor.count) }
        return descriptor.map { UInt8(min(255, (scale * ($0 / sum).squareRoot()).rounded())) }
    }
}

extension Keypoint {
    fileprivate init(_ keypoint: wb_keypoint) {
        self.init(
            x: Float16(keypoint.x), y: Float16(keypoint.y), size: Float16(keypoint.size),
            angle: Float16(keypoint.angle),
            strength: Float16(keypoint.strength))
    }
}
