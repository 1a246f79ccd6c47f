import Algorithms
import Basics
import Foundation
import Imaging
import Matching
import Synchronization

/// Extracts the features of many photographs into one file, several photographs at once.
public struct FeatureExtraction: Sendable {
    private let extractor: any KeypointExtractor
    private let region: @Sendable (PhotographFile) throws -> KeypointRegion
    private let threads: Int

    /// The photographs whose features are in memory at once, for each thread.
    private static let depth = 64

    /// Creates an extraction.
    ///
    /// - Parameters:
    ///   - extractor: Finds and describes the keypoints; it adds no threads.
    ///   - threads: The number of photographs decoded and searched at once; less than 1 counts as 1.
    ///   - region: Returns the part of a photograph, or of its box, that may have keypoints; it runs for several
    ///     photographs at once.
    public init(
        extractor: any KeypointExtractor, threads: Int,
        region: @escaping @Sendable (PhotographFile) throws -> KeypointRegion
    ) {
        self.extractor = extractor
        self.region = region
        self.threads = max(1, threads)
    }

    /// Writes the features of photographs in their order; the bytes do not depend on the threads.
    ///
    /// - Parameters:
    ///   - photographs: The photographs, with different ids.
    ///   - url: The file, which appears only when it is complete.
    ///   - progress: Receives the number of photographs done; throws to stop.
    /// - Throws: The error of the first photograph that cannot be read, or of its region; `MatchingError.badFeatures`
    ///   for an id that is repeated or too long, `FileError.unwritable`, or the error of `progress`; an earlier file at
    ///   `url` is then untouched.
    /// - Complexity: O(pixels) time; the memory of a decoded photograph and the features of 64 for each thread.
    public func write(
        _ photographs: [PhotographFile], to url: URL, progress: (_ done: Int) throws -> Void = { _ in }
    ) throws {
        try FeatureFileWriter.write(to: url, extractor: extractor.name, columns: extractor.columns) { writer in
            var done = 0
            for part in photographs.chunks(ofCount: threads * Self.depth).map(Array.init) {
                for (photograph, features) in zip(part, extracted(part)) {
                    try writer.append(features.get(), id: photograph.id)
                }
                done += part.count
                try progress(done)
            }
        }
    }

    private func extracted(_ photographs: [PhotographFile]) -> [Result<LocalFeatures, any Error>] {
        let next = Atomic(0)
        let found = parallelMap(min(threads, photographs.count)) { _ in
            var found: [(number: Int, features: Result<LocalFeatures, any Error>)] = []
            while case let number = next.wrappingAdd(1, ordering: .relaxed).oldValue, number < photographs.count {
                let photograph = photographs[number]
                let features = Result { try extractor.features(of: photograph, within: region(photograph)) }
                found.append((number, features))
            }
            return found
        }
        return found.joined().sorted { $0.number < $1.number }.map(\.features)
    }
}
