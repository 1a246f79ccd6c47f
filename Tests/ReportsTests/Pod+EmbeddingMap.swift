import Basics
import Evaluation
import Foundation
import Results

@testable import Reports

/// A map with a column for every animal.
extension Pod {
    func writeEmbeddingMap() throws {
        var rows: [EmbeddingMap.Row] = []
        for whale in 1...4 {
            for photograph in 1...4 {
                let components = SIMD2(Double(whale) / 8, Double(photograph) / 16)
                let neighbourhood = SIMD2(Double(10 * whale), Double(photograph))
                rows.append(
                    EmbeddingMap.Row(
                        imageID: Self.id(whale, photograph), components: components, neighbourhood: neighbourhood))
            }
        }
        let folder = root.appending(path: "store/reduce")
        try ReduceFiles.map.write(EmbeddingMap(rows: rows), in: folder)
        var summary = ReduceSummary(photographs: 16, of: 20, steps: 1000)
        summary.variance = [0.25, 0.125]
        summary.perplexity = 5
        summary.divergence = 0.5
        try ReduceFiles.summary.write(summary, in: folder)
    }
}
