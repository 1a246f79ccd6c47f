import Basics
import Catalog
import Evaluation
import Foundation
import Imaging

/// The measures of one photograph: a row of `measures.csv`. They are nil if it cannot be decoded.
public struct MeasuredPhotograph: Sendable, Equatable {
    public let imageID: String
    public let measures: PhotographMeasures?

    /// Creates a row.
    public init(imageID: String, measures: PhotographMeasures?) {
        self.imageID = imageID
        self.measures = measures
    }

    static let form = CSVForm<Self>([
        "image_id", "width", "height", "sharpness", "exposure", "clipped_dark", "clipped_bright", "perceptual_hash",
    ]) { cells in
        let image = cells.text()
        let (width, height) = (try cells.optionalInteger(), try cells.optionalInteger())
        let (sharpness, exposure) = (try cells.optionalNumber(), try cells.optionalNumber())
        let (dark, bright) = (try cells.optionalNumber(), try cells.optionalNumber())
        let hash = try cells.value("a perceptual hash") { text -> UInt64?? in
            text.isEmpty ? .some(nil) : UInt64(text, radix: 16).map { .some($0) }
        }
        guard let width, let height, let sharpness, let exposure, let dark, let bright, let hash else {
            return MeasuredPhotograph(imageID: image, measures: nil)
        }
        return MeasuredPhotograph(
            imageID: image,
            measures: PhotographMeasures(
                width: width, height: height, sharpness: sharpness, exposure: exposure, clippedDark: dark,
                clippedBright: bright, perceptualHash: hash))
    } encode: { row in
        guard let measures = row.measures else { return [row.imageID] + Array(repeating: "", count: 7) }
        return [
            row.imageID, String(measures.width), String(measures.height), NumberText.fixed(measures.sharpness, 5),
            NumberText.fixed(measures.exposure, 5), NumberText.fixed(measures.clippedDark, 5),
            NumberText.fixed(measures.clippedBright, 5),
            Fingerprint.text(ofPerceptualHash: measures.perceptualHash),
        ]
    }
}

extension [MeasuredPhotograph] {
    /// The quality of each photograph, from which causes of misses are derived, by image_id.
    public var quality: [String: PhotographQuality] {
        Dictionary(
            map { row in
                (
                    row.imageID,
                    row.measures.map {
                        PhotographQuality(
                            sharpness: $0.sharpness, exposure: $0.exposure, darkClipping: $0.clippedDark,
                            brightClipping: $0.clippedBright, side: Double(Swift.min($0.width, $0.height)))
                    } ?? PhotographQuality()
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The perceptual hashes, which identify near-duplicates, by image_id.
    public var perceptualHashes: [String: UInt64] {
        Dictionary(
            compactMap { row in row.measures.map { (row.imageID, $0.perceptualHash) } },
            uniquingKeysWith: { first, _ in first })
    }
}

/// An unreadable photograph that was left out: a row of `broken.csv`.
public struct BrokenPhotograph: Sendable, Equatable {
    public let imageID: String
    public let problem: String

    /// Creates a row.
    public init(imageID: String, problem: String) {
        self.imageID = imageID
        self.problem = problem
    }

    static let form = CSVForm<Self>(["image_id", "problem"]) { cells in
        BrokenPhotograph(imageID: cells.text(), problem: cells.text())
    } encode: {
        [$0.imageID, $0.problem]
    }
}

/// The photograph of a row of embeddings.
public struct PhotographID: Sendable, Equatable {
    public let imageID: String

    /// Creates a row.
    public init(imageID: String) { self.imageID = imageID }

    static let form = CSVForm<Self>(["image_id"]) {
        PhotographID(imageID: $0.text())
    } encode: {
        [$0.imageID]
    }
}
