import Basics
import Foundation
import FuzzSupport
import Matching

private let folder = FuzzFolder()

/// Files of local features: features that are equal after writing and reading, or one of Whalebook's errors.
@main
enum FuzzKeypoints {
    static func main() {
        fuzz { input in
            folder.write(input, to: "keypoints.bin")
            do {
                let file = try FeatureFile.read(folder.url.appending(path: "keypoints.bin"))
                let descriptors = try file.descriptors
                precondition(descriptors.counts.count == file.ids.count)
                let features = try file.ids.indices.map { try file.features(at: $0) }
                precondition(features.map(\.keypoints.count) == descriptors.counts)
                let again = folder.url.appending(path: "again.bin")
                try FeatureFileWriter.write(to: again, extractor: file.extractor, columns: file.columns) { writer in
                    for (id, features) in zip(file.ids, features) { try writer.append(features, id: id) }
                }
                let copy = try FeatureFile.read(again)
                precondition((copy.ids, copy.extractor) == (file.ids, file.extractor))
                let read = try copy.ids.indices.map { try copy.features(at: $0) }
                precondition(read == features)
                try match(descriptors)
            } catch is FileError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
        }
    }

    private static func match(_ descriptors: DescriptorSet) throws {
        guard descriptors.counts.reduce(0, +) < 500 else { return }
        let set = try MatchSet(queries: descriptors, database: descriptors)
        let scores = try LNBNN().scores(set)
        precondition(scores.allSatisfy { $0.allSatisfy { $0 >= 0 } })
        _ = try set.mutualCounts(.ratio(below: 0.8))
    }
}
