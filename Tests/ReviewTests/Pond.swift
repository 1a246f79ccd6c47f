import Basics
import Catalog
import Foundation
import Imaging
import Results

@testable import Review

/// A small catalogue with pictures, a file of decisions, and pairs about both.
final class Pond {
    let root = FileManager.default.temporaryDirectory.appending(path: "pond-\(UUID().uuidString)")
    let catalog: Catalog
    var decisions: URL { root.appending(path: DecisionLog.fileName) }

    /// Three photographs of each of four animals; the third is from the other side.
    init() throws {
        var photographs: [Photograph] = []
        for whale in 1...4 {
            for number in 1...3 {
                let id = "w\(whale)-\(number)"
                photographs.append(
                    Photograph(
                        id: id, path: "images/\(id).jpg", height: 60, width: 90,
                        box: number == 2 ? PixelBox(x: 10, y: 5, width: 30, height: 50) : nil,
                        viewpoint: number == 3 ? .left : .top, date: "\(2016 + number)-07-01", whaleID: "w\(whale)",
                        encounterID: "e\(whale)-\(number)"))
            }
        }
        catalog = Catalog(directory: root, photographs: photographs)
        for (shade, photograph) in photographs.enumerated() {
            let grey = UInt8(20 * shade)
            let raster = Raster(width: 90, height: 60, red: grey, green: grey, blue: grey)
            try AtomicFile.write(raster.jpeg(quality: 80), to: root.appending(path: photograph.path))
        }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var photographs: ReviewPhotographs {
        let new = ["n1", "n2"].map { name in
            ReviewPhotograph(
                file: PhotographFile(id: name, url: root.appending(path: "images/w1-1.jpg")), whaleID: nil,
                viewpoint: .left, date: "2020-08-01", encounterID: nil, place: nil, isNew: true)
        }
        return ReviewPhotographs(catalog, places: ["w1-1": "Bay", "w2-1": "Cove"], new: new)
    }

    static func season(_ path: String, _ whale: String, rank: Int, _ probability: Double? = nil) -> ReviewPair {
        ReviewPair(
            question: PairQuestion(
                source: .season, queryImageID: path, queryWhaleID: nil, imageID: "\(whale)-1", whaleID: whale,
                probability: probability), rank: rank, evidence: "Rank \(rank).")
    }

    static func merge(_ one: String, _ other: String, photographs: Int = 3) -> ReviewPair {
        ReviewPair(
            question: PairQuestion(
                source: .merge, queryImageID: "\(one)-1", queryWhaleID: one, imageID: "\(other)-1", whaleID: other),
            evidence: "Alike.", photographs: photographs)
    }

    static let pairs = [
        season("n1", "w1", rank: 1, 0.98), season("n1", "w2", rank: 2), season("n2", "w1", rank: 1, 0.5),
        season("n2", "w3", rank: 2), merge("w3", "w4"),
    ]

    func session(_ pairs: [ReviewPair] = Pond.pairs, reviewer: String = "Anna") throws -> ReviewSession {
        ReviewSession(
            ReviewQueue(pairs), photographs, log: try DecisionLog(decisions), title: "pond", reviewer: reviewer)
    }
}
