import Basics
import Foundation

/// A distinctive place of a picture.
public struct Keypoint: Sendable, Equatable {
    /// Columns from the centre of the top left pixel.
    public let x: Float16
    /// Rows from the centre of the top left pixel.
    public let y: Float16
    /// The diameter in pixels.
    public let size: Float16
    /// The direction in degrees, clockwise from the right.
    public let angle: Float16
    /// How distinct the place is, for comparison with other places found in the same way; at least 0.
    public let strength: Float16

    /// Creates a keypoint.
    public init(x: Float16, y: Float16, size: Float16, angle: Float16, strength: Float16) {
        (self.x, self.y, self.size, self.angle, self.strength) = (x, y, size, angle, strength)
    }

    /// The place in pixels.
    public var place: SIMD2<Double> { SIMD2(Double(x), Double(y)) }
}

/// The keypoints of a photograph, the strongest first, and a descriptor of each one's surroundings.
public struct LocalFeatures: Sendable, Equatable {
    /// The columns of the picture in which the keypoints were found, usually a reduced photograph.
    public let width: Int
    /// The rows of that picture.
    public let height: Int
    public let keypoints: [Keypoint]
    /// The numbers of a descriptor.
    public let columns: Int
    /// One descriptor for each keypoint, a byte for each number; only a descriptor's direction counts.
    public let descriptors: Data

    /// The most keypoints of a photograph.
    public static let mostKeypoints = 8192
    /// The longest side of a picture with keypoints, so that half precision places them within a pixel.
    public static let longestSide = 2048

    /// Joins keypoints and descriptors.
    ///
    /// - Throws: ``MatchingError/badFeatures(problem:)`` if the sizes do not fit or exceed the limits, a number is not
    ///   finite, or a keypoint lies outside the picture.
    public init(
        width: Int, height: Int, keypoints: [Keypoint], columns: Int, descriptors: Data
    ) throws(MatchingError) {
        if let problem = Self.problem(width: width, height: height, count: keypoints.count, columns: columns) {
            throw .badFeatures(problem: problem)
        }
        guard descriptors.count == keypoints.count * columns else {
            throw .badFeatures(
                problem:
                    "\(keypoints.count) descriptors of \(columns) bytes need \(keypoints.count * columns) bytes but "
                    + "there are \(descriptors.count)")
        }
        for (number, keypoint) in keypoints.enumerated() {
            guard keypoint.lies(withinWidth: width, height: height) else {
                throw .badFeatures(
                    problem: "keypoint \(number) at (\(keypoint.x), \(keypoint.y)) with size \(keypoint.size), angle "
                        + "\(keypoint.angle) and strength \(keypoint.strength) does not lie in the picture of "
                        + "\(width) x \(height) pixels or is not finite")
            }
        }
        self.width = width
        self.height = height
        self.keypoints = keypoints
        self.columns = columns
        self.descriptors = descriptors
    }

    /// What is wrong with sizes, or nil.
    static func problem(width: Int, height: Int, count: Int, columns: Int) -> String? {
        if width < 1 || height < 1 || max(width, height) > longestSide {
            return "a picture of \(width) x \(height) pixels is empty or longer than \(longestSide)"
        }
        if count > mostKeypoints { return "there are \(count) keypoints, more than \(mostKeypoints)" }
        if columns < 1 || columns > DescriptorSet.mostColumns {
            return "descriptors have \(columns) numbers, not 1 to \(DescriptorSet.mostColumns)"
        }
        return nil
    }
}

extension Keypoint {
    /// Whether all numbers are finite and the place is in a picture. Half precision can round it up to the far edge.
    fileprivate func lies(withinWidth width: Int, height: Int) -> Bool {
        let (x, y) = (Double(x), Double(y))
        return x >= -1 && y >= -1 && x <= Double(width) && y <= Double(height)
            && size >= 0 && size.isFinite && angle >= 0 && angle <= 360 && strength >= 0 && strength.isFinite
    }
}
