import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs
import Matching
import Testing

@testable import Keypoints

/// Where the job looks for marks: within the animal's outline, else in its box, else in the middle.
struct KeypointsJobTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("keypoints-job") }

    /// Run lengths of the columns up to `columns` of a picture of 200 x 160 pixels.
    private static func left(_ columns: Int) -> String {
        #"{"size": [160, 200], "counts": [0, \#(160 * columns), \#(160 * (200 - columns))]}"#
    }

    private func extracted(
        _ rows: [(box: String, theta: String, segmentation: String)]
    ) throws -> [LocalFeatures] {
        try Drawn.spots().png().write(to: folder.url.appending(path: "spots.png"))
        let cells = rows.enumerated().map { number, row in
            ["p\(number)", "spots.png", "160", "200", "", "", row.box, row.theta, row.segmentation]
        }
        let header = ["image_id", "path", "height", "width", "viewpoint", "date", "bbox", "theta", "segmentation"]
        try AtomicFile.write(
            CSVTable.text(header: header, rows: cells), to: folder.url.appending(path: "metadata.csv"))
        var settings = MatchSettings()
        settings.kind = .sift
        let output = folder.url.appending(path: "keypoints.bin")
        let job = KeypointsJob(
            data: DataSettings(folder: folder.url.path), settings: settings, skipsBroken: false, output: output.path)
        try job.perform { _ in }
        let file = try FeatureFile.read(output)
        return try file.ids.indices.map { try file.features(at: $0) }
    }

    @Test func `Marks are looked for within the outline, wherever it is, and turn with the box`() throws {
        defer { folder.remove() }
        let box = "[20, 20, 160, 120]"
        let found = try extracted([
            ("", "", ""), ("", "", Self.left(60)), (box, "", Self.left(100)),
            (box, "3.141592653589793", Self.left(100)),
        ])
        #expect(found.allSatisfy { $0.keypoints.count > 5 })
        func columns(_ features: LocalFeatures) -> ClosedRange<Double> {
            let columns = features.keypoints.map(\.place.x)
            return (columns.min() ?? 0)...(columns.max() ?? 0)
        }
        // The middle has 0.6 of 200 columns; a keypoint's place can be a pixel off its cell.
        #expect(columns(found[0]).lowerBound > 38 && columns(found[0]).upperBound < 161)
        #expect(columns(found[1]).lowerBound < 38 && columns(found[1]).upperBound < 61)
        #expect(found[2].width == 160)
        #expect(columns(found[2]).upperBound < 81)
        #expect(columns(found[3]).lowerBound > 78 && columns(found[3]).upperBound > 100)
    }

    @Test func `A malformed outline is an error with its line`() throws {
        defer { folder.remove() }
        #expect {
            try extracted([("", "", ""), ("", "", #"{"size": [160, 200], "counts": [32000, 5]}"#)])
        } throws: {
            "\($0)".hasPrefix("\(folder.url.path)/metadata.csv:3: the outline is not usable: the run 5 leaves")
        }
    }
}
