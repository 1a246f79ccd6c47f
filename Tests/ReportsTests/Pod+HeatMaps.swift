import Basics
import Evaluation
import Foundation
import Results

@testable import Reports

/// Heat maps of the pod's two worst queries.
extension Pod {
    func writeHeatMaps() throws {
        let folder = root.appending(path: "store/explain")
        func pair(_ query: String, _ image: String, _ kind: ExplainedPair.Kind, _ rank: Int, _ answer: String)
            -> ExplainedPair
        {
            ExplainedPair(
                scenario: "top-top", queryID: query, queryImageID: image, kind: kind, rank: rank, imageID: answer)
        }
        let pairs = [
            pair("left|top-w4p4", "w4p4", .wrong, 1, "w1p1"), pair("left|top-w4p4", "w4p4", .right, 9, "w4p1"),
            pair("top-top-w2p3", "w2p3", .wrong, 1, "w3p1"), pair("top-top-w2p3", "w2p3", .right, 2, "w2p1"),
        ]
        try ExplainFiles.pairs.write(pairs, in: folder)
        let corner = HeatMap(height: 2, width: 3, scaling: [8, 0, 0, 0, 0, 0])
        let animal = HeatMapRow.Animal(heat: 0.64, area: 0.5)
        let rows = pairs.enumerated().flatMap { number, pair in
            let similarity = 0.75 - Double(number) / 10
            return [
                HeatMapRow(
                    imageID: pair.queryImageID, partnerImageID: pair.imageID, similarity: similarity, map: corner,
                    animal: pair.queryImageID == "w4p4" ? animal : nil),
                HeatMapRow(
                    imageID: pair.imageID, partnerImageID: pair.queryImageID, similarity: similarity,
                    map: HeatMap(height: 2, width: 3, scaling: [1, 1, 1, 1, 1, 1])),
            ]
        }
        try ExplainFiles.heatMaps.write(rows, in: folder)
        try ExplainFiles.summary.write(
            ExplainSummary(
                queries: 2, pairs: 4, map: "earlier", fit: .stretch, height: 2, width: 3,
                animals: HeatOnAnimals(pairs, maps: rows)), in: folder)
    }
}
