import Basics
import Catalog
import Evaluation
import Foundation
import Results
import Testing

/// Result files from anywhere: an invalid measure must not reach a chart, where it would end the program.
struct ResultFileTests {
    private func isRefused<Contents>(_ text: String, _ file: ResultFile<Contents>) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appending(path: "results-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try AtomicFile.write(text, to: file.url(in: folder))
        do {
            _ = try file.read(in: folder)
            return false
        } catch FileError.malformed(_, let line, _, let remedy) {
            return line == 2 && remedy == "Run 'whalebook run -f \(file.stage.rawValue)'."
        }
    }

    private func reread<Contents>(_ contents: Contents, _ file: ResultFile<Contents>) throws -> Contents {
        let folder = FileManager.default.temporaryDirectory.appending(path: "results-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try file.write(contents, in: folder)
        return try file.read(in: folder)
    }

    @Test func `Rows read back as they were written`() throws {
        let ranks = RightRanks(rows: [.init(scenario: "s", queryID: "q", imageID: "p", rank: 31, rankInView: 2)])
        #expect(try reread(ranks, ExpandFiles.ranks) == ranks)
        let acrossViews = [
            AdapterRow(
                direction: .lateralTop, scenario: "s", queryID: "q", imageID: "p", whaleID: "w", plain: [30, 2],
                bridged: [1, 25])
        ]
        #expect(try reread(acrossViews, SearchFiles.acrossViews) == acrossViews)
        let background = [
            BackgroundRow(
                scenario: "s", queryID: "q", imageID: "p", whaleID: "w", candidates: 30, everything: [30, 2],
                animal: [1, 25], background: [3, 4])
        ]
        #expect(try reread(background, BackgroundFiles.rows) == background)
        #expect(try reread([], BackgroundFiles.rows) == [])
        let laterality = [
            LateralityRow(
                imageID: "p", whaleID: "w", mirrored: 1.0000001, sameAnimal: nil, otherAnimals: -0.5, otherSide: 1 / 3,
                sameEncounter: nil)
        ]
        #expect(try reread(laterality, BackgroundFiles.laterality) == laterality)
        let place = MarkPlace(x: 0.25, y: 0.5, radius: 0.03125)
        let marks = [true, false].map { isExplained in
            MatchedMark(
                queryImageID: "q", imageID: "p",
                match: MarkMatch(
                    query: place, database: MarkPlace(x: 1, y: 0, radius: 0), similarity: 0.875,
                    isExplained: isExplained))
        }
        #expect(try reread(marks, ExplainFiles.matches) == marks)
        let sweep = ExpansionSweep(
            rows: [.init(neighbours: 0, alpha: 0, map: 0.25), .init(neighbours: 2, alpha: 3, map: 1 / 3)], queries: 7)
        #expect(try reread(sweep, SweepFiles.choices) == sweep)
        let causes = [
            CauseRow(scenario: "s", queryID: "q", imageID: "p", cause: .blurred, order: 1, evidence: "x, \"y\"")
        ]
        #expect(try reread(causes, EvaluateFiles.causes) == causes)
        let rankings = Rankings(
            queries: ["q", "r"].map { id in
                .init(
                    scenario: "s", id: id, imageID: id,
                    answers: [
                        .init(imageID: "a", score: 0.5, isRelevant: true),
                        .init(imageID: "b", score: 0.1, isRelevant: nil),
                    ])
            })
        #expect(try reread(rankings, SearchFiles.neighbours) == rankings)
        let models = ["m", "n"].map { ModelRankings(member: $0, fold: 0, weight: 0.7, rankings: rankings) }
        #expect(try reread(models, ExpandFiles.modelNeighbours) == models)
        let samples = [
            NoveltySample(
                part: .test, queryID: "q", imageID: "q", whaleID: "w", own: nil,
                other: .init(imageID: "o", whaleID: "v", score: 1 / 7))
        ]
        #expect(try reread(samples, SearchFiles.novelty) == samples)
        let measured = [
            MeasuredPhotograph(
                imageID: "p",
                measures: .init(
                    width: 640, height: 480, sharpness: 12.5, exposure: 0.5, clippedDark: 0.25, clippedBright: 0,
                    perceptualHash: 255)), MeasuredPhotograph(imageID: "broken", measures: nil),
        ]
        #expect(try reread(measured, MeasureFiles.measures) == measured)
        #expect(measured.quality["p"]?.side == 480 && measured.quality["broken"] == PhotographQuality())
        #expect(measured.perceptualHashes == ["p": 255])
    }

    @Test func `Impossible rows are refused with their line: a rank below that in view, one out of order`() throws {
        #expect(
            try isRefused(
                "scenario,query_id,database_image_id,rank,rank_in_view\ns,q,p,3,4\n", ExpandFiles.ranks))
        #expect(
            try isRefused(
                "direction,scenario,query_id,query_image_id,whale_id,plain_ranks,bridged_ranks\n"
                    + "lateral-top,s,q,p,w,2 30,1 0\n", SearchFiles.acrossViews))
        let background =
            "scenario,query_id,query_image_id,whale_id,candidates,everything_ranks,animal_ranks,background_ranks\n"
        #expect(try isRefused(background + "s,q,p,w,30,1 2,1 31,3 4\n", BackgroundFiles.rows))
        #expect(try isRefused(background + "s,q,p,w,30,1 2,1,3 4\n", BackgroundFiles.rows))
        let header = "scenario,query_id,query_image_id,rank,database_image_id,score,relevant\n"
        #expect(try isRefused(header + "s,q,p,2,a,0.5,1\n", SearchFiles.neighbours))
        #expect(try isRefused(header + "s,q,p,1,a,0.5,yes\n", SearchFiles.neighbours))
    }

    @Test func `A JSON file of another version is refused with the key that it lacks`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "results-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (text, problem) in [
            ("{\"queries\": 3}", "'choices' is missing, so another version of Whalebook wrote the file"),
            ("{\"queries\": \"x\"}", "'queries' has the wrong type, so another version"),
            ("{", "the file is not valid JSON"),
        ] {
            try AtomicFile.write(text, to: SweepFiles.summary.url(in: folder))
            let error = try #require(throws: FileError.self) { try SweepFiles.summary.read(in: folder) }
            #expect("\(error)".contains(problem) && "\(error)".hasSuffix("Run 'whalebook run -f sweep'."), "\(error)")
        }
    }

    private static let noMeasures = ["nan", "-1", "1e300", "inf", "-inf", "-1e300"]

    @Test(arguments: noMeasures)
    func `An impossible precision, cosine or heat is refused with its line`(_ number: String) throws {
        let query =
            "scenario,query_id,query_image_id,whale_id,viewpoint,relevant,average_precision,average_precision_before,"
            + "first_hit_rank,cause\ns,q,i,w,top,2,\(number),,1,\n"
        #expect(try isRefused(query, EvaluateFiles.queries))
        let sweep = "neighbours,alpha,map,queries\n1,1,\(number),7\n"
        #expect(try isRefused(sweep, SweepFiles.choices))
        let heat = "image_id,partner_image_id,similarity,height,width,values\ni,p,0.5,1,2,1 \(number)\n"
        #expect(try isRefused(heat, ExplainFiles.heatMaps))
        let share = "image_id,partner_image_id,similarity,height,width,values,animal_heat,animal_area\ni,p,0.5,1,1,1,"
        #expect(try isRefused(share + "\(number),0.5\n", ExplainFiles.heatMaps))
        #expect(try isRefused(share + "0.5,\n", ExplainFiles.heatMaps))
        guard number != "-1" else { return }
        let sides = "image_id,whale_id,mirrored,same_animal,other_animals,other_side,same_encounter\n"
        #expect(try isRefused(sides + "i,w,\(number),,,,\n", BackgroundFiles.laterality))
        let sample =
            "part,query_id,query_image_id,whale_id,own_image_id,own_score,other_image_id,other_whale_id,other_score\n"
            + "test,q,i,w,i2,\(number),i3,w3,0.5\n"
        #expect(try isRefused(sample, SearchFiles.novelty))
        let map = "image_id,pca_1,pca_2,tsne_1,tsne_2\ni,0,0,\(number),0\n"
        #expect(try isRefused(map, ReduceFiles.map))
        let measures =
            "image_id,width,height,sharpness,exposure,clipped_dark,clipped_bright,perceptual_hash\n"
            + "i,10,20,\(number),0.5,0,0,00000000000000ff\n"
        #expect(try isRefused(measures, MeasureFiles.measures))
    }

    @Test func `A rank beyond any database is refused, and a large one takes no time`() throws {
        let header = "scenario,query_id,database_image_id,rank,rank_in_view\n"
        #expect(try isRefused(header + "s,q,i,\(Int.max),1\n", ExpandFiles.ranks))
        #expect(try !isRefused(header + "s,q,i,\(Int32.max),1\n", ExpandFiles.ranks))
        let ranks = Array(repeating: [Int(Int32.max)], count: 50)
        #expect(DatabaseSize.map(ranks: ranks, share: 0.5, draws: 20, seed: 1) == 0)
    }

    @Test func `A match outside the photograph is refused`() throws {
        let header =
            "query_image_id,database_image_id,query_x,query_y,query_radius,database_x,database_y,database_radius,"
            + "similarity,explained\n"
        #expect(try !isRefused(header + "q,p,0,1,0.1,0.5,0.5,0.1,0.9,1\n", ExplainFiles.matches))
        for row in [
            "q,p,2,1,0.1,0.5,0.5,0.1,0.9,1", "q,p,0,1,0.1,0.5,0.5,0.1,0.9,yes", "q,p,0,1,nan,0.5,0.5,0.1,0.9,1",
        ] {
            #expect(try isRefused(header + row + "\n", ExplainFiles.matches), "\(row)")
        }
    }

    @Test func `The scores of pairs are found by scenario and query, and other sizes are refused`() throws {
        func scenario(_ id: String, _ queries: Int, _ database: Int) -> Scenario {
            Scenario(
                id: id, queries: (0..<queries).map { .init(id: "\(id)\($0)", imageID: "q\($0)") },
                database: (0..<database).map { "d\($0)" })
        }
        let scenarios = [scenario("a", 2, 3), scenario("b", 1, 2)]
        let matrix = NPYMatrix(rows: 8, columns: 2, values: (0..<16).map(Float.init))
        let scores = try LocalScores(matrix, of: scenarios, path: "scores.npy")
        #expect(scores.row(scenarios[0], 1) == [6, 8, 10].map { LocalScore(marks: $0, geometry: $0 + 1) })
        #expect(scores.row(scenarios[1], 0) == [12, 14].map { LocalScore(marks: $0, geometry: $0 + 1) })
        let error = #expect(throws: FileError.self) {
            try LocalScores(matrix, of: [scenarios[0]], path: "scores.npy")
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("8 x 2 numbers instead of 6 x 2") && text.contains("whalebook run -f match"))
    }
}
