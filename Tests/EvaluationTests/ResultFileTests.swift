import Basics
import Evaluation
import Foundation
import Testing

/// Result files from anywhere: what is no measure must not come to a chart, where it would end the program.
struct ResultFileTests {
    private func isRefused(_ text: String, _ read: (URL) throws -> Void) throws -> Bool {
        let url = FileManager.default.temporaryDirectory.appending(path: "results-\(UUID()).csv")
        defer { try? FileManager.default.removeItem(at: url) }
        try AtomicFile.write(text, to: url)
        do {
            try read(url)
            return false
        } catch FileError.malformed(_, let line, _, _) {
            return line == 2
        }
    }

    private static let noMeasures = ["nan", "-1", "1e300", "inf", "-inf", "-1e300"]

    @Test(arguments: noMeasures)
    func `A precision, a cosine and a heat that cannot be are refused with their line`(_ number: String) throws {
        let query = QueryRow.columns.joined(separator: ",") + "\ns,q,i,w,top,2,\(number),,1,\n"
        #expect(try isRefused(query) { _ = try QueryRow.read($0) })
        let sweep = "neighbours,alpha,map,queries\n1,1,\(number),7\n"
        #expect(try isRefused(sweep) { _ = try ExpansionSweep.read($0) })
        let heat = "image_id,partner_image_id,similarity,height,width,values\ni,p,0.5,1,2,1 \(number)\n"
        #expect(try isRefused(heat) { _ = try HeatMapRow.read($0) })
        guard number != "-1" else { return }
        let sample =
            "part,query_id,query_image_id,whale_id,own_image_id,own_score,other_image_id,other_whale_id,other_score\n"
            + "test,q,i,w,i2,\(number),i3,w3,0.5\n"
        #expect(try isRefused(sample) { _ = try NoveltySample.read($0) })
        let map = "image_id,pca_1,pca_2,tsne_1,tsne_2\ni,0,0,\(number),0\n"
        #expect(try isRefused(map) { _ = try EmbeddingMap.read($0) })
        let quality = "image_id,sharpness\ni,\(number)\n"
        #expect(try isRefused(quality) { _ = try PhotographQuality.read($0) })
    }

    @Test func `A rank beyond any database is refused, and a far one takes no time`() throws {
        let header = "scenario,query_id,database_image_id,rank,rank_in_view\n"
        #expect(try isRefused(header + "s,q,i,\(Int.max),1\n") { _ = try RightRanks.read($0) })
        #expect(try !isRefused(header + "s,q,i,\(Int32.max),1\n") { _ = try RightRanks.read($0) })
        let ranks = Array(repeating: [Int(Int32.max)], count: 50)
        #expect(DatabaseSize.map(ranks: ranks, share: 0.5, draws: 20, seed: 1) == 0)
    }
}
