import Basics
import Catalog
import Evaluation
import Foundation
import Imaging

@testable import Exports

/// Four photographs, two of them queries, with names that need quoting in every form.
enum ExportedPod {
    static let hostile = "w, \"one\"\n=1"

    static func catalog(in folder: URL = URL(filePath: "/pod"), boxed: Bool = false) -> Catalog {
        func box(_ x: Int) -> PixelBox? { boxed ? PixelBox(x: x, y: 5, width: 20, height: 10) : nil }
        return Catalog(
            directory: folder,
            photographs: [
                Photograph(
                    id: "a", path: "images/a.png", box: box(10), viewpoint: .top, date: "2017-07-01",
                    whaleID: hostile, encounterID: "e,1"),
                Photograph(
                    id: "b", path: "images/b.png", box: box(10), theta: .pi / 2, viewpoint: .left, date: "2017-08",
                    whaleID: "w2"),
                Photograph(id: "c", path: "images/c.png", box: box(30), date: "2017", whaleID: hostile),
                Photograph(id: "d", path: "d.jpg"),
            ])
    }

    /// Photographs of 40 x 20 pixels, except the last, which cannot be read.
    static func write(to folder: URL) throws {
        let png = try Raster(width: 40, height: 20, pixels: [UInt8](repeating: 9, count: 40 * 20 * 3)).png()
        for name in ["a", "b", "c"] { try AtomicFile.write(png, to: folder.appending(path: "images/\(name).png")) }
        try AtomicFile.write("no picture", to: folder.appending(path: "d.jpg"))
    }

    static func run(_ catalog: Catalog = catalog(), hasEmbeddings: Bool = true) throws -> ExportedRun {
        let folder = try TemporaryFolder("exports")
        defer { folder.remove() }
        let file = folder.url.appending(path: "split.csv")
        let rows = [
            "a,\"w, \"\"one\"\"\n=1\",0,validation", "b,w2,1,train", "c,\"w, \"\"one\"\"\n=1\",,test", "d,,,none",
        ]
        try AtomicFile.write("image_id,whale_id,fold,role\n" + rows.joined(separator: "\n") + "\n", to: file)
        let answers: [Rankings.Answer] = [
            .init(imageID: "c", score: 0.1, isRelevant: true), .init(imageID: "b", score: -0.25, isRelevant: false),
        ]
        return ExportedRun(
            name: "7", catalog: catalog, split: try Split.read(file),
            rankings: Rankings(queries: [
                .init(scenario: "s1", id: "q1", imageID: "a", answers: answers),
                .init(scenario: "s2", id: "q2", imageID: "a", answers: [answers[1]]),
                .init(
                    scenario: "s2", id: "q3", imageID: "b",
                    answers: [.init(imageID: "d", score: 0.5, isRelevant: nil)]),
            ]),
            outcomes: [outcome("q1", "a", relevant: 1, 0.75), outcome("q3", "b", relevant: 0, 0)],
            novelty: [
                NoveltySample(
                    part: .test, queryID: "q1", imageID: "a", whaleID: hostile,
                    own: .init(imageID: "c", whaleID: hostile, score: 0.1),
                    other: .init(imageID: "b", whaleID: "w2", score: 0.3)),
                NoveltySample(
                    part: .validation, queryID: "q3", imageID: "b", whaleID: "w2", own: nil,
                    other: .init(imageID: "c", whaleID: hostile, score: 0.9)),
            ],
            // One half at the similarity 0.3.
            calibration: Calibration(platt: PlattScaling(slope: 10, offset: -3)),
            embeddings: hasEmbeddings
                ? .init(NPYMatrix(rows: 2, columns: 2, values: [0.1, 1, -0.5, 0.25]), of: ["b", "a"]) : nil)
    }

    private static func outcome(_ id: String, _ image: String, relevant: Int, _ precision: Double) -> QueryRow {
        QueryRow(
            scenario: "s1", id: id, imageID: image, whaleID: "", viewpoint: "", relevant: relevant,
            averagePrecision: precision, averagePrecisionBefore: nil, firstHitRank: nil, cause: "")
    }
}
