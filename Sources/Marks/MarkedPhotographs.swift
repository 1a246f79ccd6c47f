import Basics
import Foundation
import Matching
import Results

/// The marks of photographs, by image_id.
public struct MarkedPhotographs: Sendable {
    private let file: FeatureFile
    private let path: String
    private let numbers: [String: Int]
    private let descriptors: DescriptorSet

    /// Maps a file of features.
    ///
    /// - Throws: `FileError`, as ``FeatureFile/read(_:)``; ``MatchingError``.
    public init(_ url: URL) throws {
        file = try FeatureFile.read(url)
        path = url.path
        numbers = Dictionary(file.ids.enumerated().map { ($1, $0) }) { first, _ in first }
        descriptors = try file.descriptors
    }

    /// The photographs, in the order of the file.
    public var ids: [String] { file.ids }

    /// The marks of some photographs.
    ///
    /// - Throws: `FileError` for a photograph whose marks are not in the file.
    func descriptors(of ids: [String]) throws -> DescriptorSet { try descriptors.selecting(ids.map(number)) }

    func features(of id: String) throws -> LocalFeatures { try file.features(at: number(id)) }

    private func number(_ id: String) throws -> Int {
        guard let number = numbers[id] else {
            throw FileError.malformed(
                path: path, line: nil, problem: "it has no marks of photograph \(quoted: id)",
                remedy: "Run 'whalebook run -f \(StageName.keypoints.rawValue)'.")
        }
        return number
    }
}
