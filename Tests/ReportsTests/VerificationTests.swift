import Basics
import Digests
import Foundation
import Imaging
import Results
import Testing

@testable import Reports

/// Rendered documents, compared with their inputs.
struct VerificationTests {
    private static let text = """
        ---
        title: mAP `{wb} evaluate.pooled.map | fixed(4)`
        ---
        Found by the first photograph: `{wb} evaluate.pooled.top1 | fixed(3)`; more in @fig-worst.

        ```{map-curve}
        #| label: fig-map
        ```

        ```{retrieval-grid}
        #| label: fig-worst
        select: worst
        count: 2
        ```
        """
    private static let picture = "reports/trial_files/figure-gfm/fig-worst-1.png"

    /// A pod with the document rendered.
    private static func rendered(_ formats: [FrontMatter.Format] = [.gfm]) throws -> Pod {
        let pod = try Pod()
        let result = try pod.render(text, formats: formats)
        try #require(result.errors.isEmpty, "\(result.errors)")
        return pod
    }

    private static func findings(_ pod: Pod, versions: [String: String] = [:]) throws -> [String] {
        let folder = pod.root.appending(path: "reports")
        return try DocumentVerification.all(of: folder.appending(path: "trial.book.md"), in: folder).flatMap { one in
            let results = one.record.locating { node in pod.root.appending(path: "store/\(node.stage)") }
            return try one.findings(results: results, place: pod.inputs.place, versions: versions)
        }.map(\.description)
    }

    @Test func `An unchanged rendering verifies, in every format and with other parameters`() throws {
        let pod = try Self.rendered([.gfm, .html, .text])
        #expect(try Self.findings(pod) == [])
        _ = try pod.render("---\nparams: {k: 20}\n---\nk `{wb} params.k`\n", parameters: ["k": "10"])
        let folder = pod.root.appending(path: "reports")
        let stems = try DocumentVerification.all(of: folder.appending(path: "trial.book.md"), in: folder)
        #expect(stems.count == 2)
    }

    @Test func `A changed number in the prose is found with its line`() throws {
        let pod = try Self.rendered([.gfm, .text])
        let markdown = try pod.read("reports/trial.md")
        try pod.write("reports/trial.md", markdown.replacing("photograph: 0.500", with: "photograph: 0.600"))
        let found = try Self.findings(pod)
        #expect(
            found == [
                "trial.md:3: says 'the first photograph: 0.600; more in [Figure 2](#', "
                    + "should say 'the first photograph: 0.500; more in [Figure 2](#'"
            ], "\(found)")
        try pod.write("reports/trial.md", markdown + "\nA line more.\n")
        #expect(try Self.findings(pod).contains { $0.hasSuffix("should not say 'A line more.'") })
        try FileManager.default.removeItem(at: pod.root.appending(path: "reports/trial.md"))
        #expect(try Self.findings(pod) == ["trial.md: is missing"], "the text is still there")
        try FileManager.default.removeItem(at: pod.root.appending(path: "reports/trial.txt"))
        #expect(try Self.findings(pod).sorted() == ["trial.md: is missing", "trial.txt: is missing"])
    }

    @Test func `A single changed pixel is found, and so is one number of a figure's data`() throws {
        let pod = try Self.rendered()
        let url = pod.root.appending(path: Self.picture)
        var picture = try Raster.decoding(PhotographFile(id: "picture", url: url))
        let drawn = picture
        let (red, green, blue) = picture[7, 5]
        picture[7, 5] = (red ^ 0xFF, green, blue)
        #expect(
            FigureDifferences.finding(in: "a.png", found: picture, expected: drawn, isSameLibrary: true)?.description
                == "a.png: 1 pixel differs, the first at 7, 5")
        picture[7, 5] = (red > 128 ? red - 2 : red + 2, green, blue)
        #expect(FigureDifferences.finding(in: "a.png", found: picture, expected: drawn, isSameLibrary: true) == nil)

        var data = try Data(contentsOf: url)
        // The last byte of the pixels' checksum.
        data[data.count - 17] ^= 1
        try data.write(to: url)
        #expect(try Self.findings(pod).contains { $0.contains("fig-worst-1.png: is not the file that was rendered") })

        let map = "reports/trial_files/figure-gfm/fig-map-1.json"
        let json = try pod.read(map)
        try pod.write(map, json.replacing("0.5125", with: "0.6125"))
        let found = try Self.findings(pod).filter { $0.contains("fig-map-1.json") }
        #expect(found.count == 2 && found[1].contains("is 0.6125, should be 0.5125"), "\(found)")
    }

    @Test func `A measure that changed since the rendering is found wherever the document shows it`() throws {
        let pod = try Self.rendered()
        var evaluation = Pod.evaluation.object ?? [:]
        var pooled = evaluation["pooled"]?.object ?? [:]
        pooled["map"] = 0.6
        evaluation["pooled"] = .object(pooled)
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        let found = try Self.findings(pod)
        #expect(found.contains { $0.hasPrefix("trial.md:1: says") && $0.contains("0.5125") && $0.contains("0.6000") })
    }

    @Test func `Pictures from another Cairo may differ in places, not throughout`() throws {
        let pod = try Self.rendered()
        #expect(try Self.findings(pod, versions: ["Cairo": "0.0"]) == [])
        let white = Raster(width: 100, height: 100, red: 255, green: 255, blue: 255)
        var speckled = white
        for x in 0..<100 { for y in 0..<5 { speckled[x, y] = (0, 0, 0) } }
        func finding(_ picture: Raster) -> Finding? {
            FigureDifferences.finding(in: "a", found: picture, expected: white, isSameLibrary: false)
        }
        #expect(finding(speckled) == nil)
        speckled[0, 6] = (0, 0, 0)
        #expect(finding(speckled)?.problem == "501 pixels differ, the first at 0, 0")
        #expect(
            finding(Raster(width: 100, height: 99, red: 255, green: 255, blue: 255))?.problem
                == "has 100 x 99 pixels, should have 100 x 100")
    }

    @Test func `A reference keeps the small files, and reports which of them changed`() throws {
        let pod = try Pod()
        try pod.write("store/expand/vectors.npy", "large")
        func node(_ stage: StageName, files: [String]) throws -> ReportNode {
            let folder = pod.root.appending(path: "store/\(stage.rawValue)")
            return ReportNode(
                Node(stage), key: "0af1", outputDigest: "",
                files: Dictionary(
                    uniqueKeysWithValues: try files.map {
                        ($0, Digest.of(try pod.read("store/\(stage.rawValue)/\($0)")))
                    }), directory: folder)
        }
        let nodes = try [
            node(.expand, files: ["neighbors.csv", "vectors.npy"]), node(.evaluate, files: ["queries.csv"]),
        ]
        let reference = ReferenceFolder(pod.root.appending(path: "reports/reference"))
        try reference.keep(nodes)
        #expect(
            try pod.files(in: "reports/reference") == [
                "evaluate/0af1/queries.csv", "expand/0af1/neighbors.csv", "manifest.json",
            ])
        #expect(try nodes[0].changedFiles(in: try #require(try reference.result(of: nodes[0])), isWhole: false) == [])
        let neighbours = try pod.read("reports/reference/expand/0af1/neighbors.csv")
        try pod.write("reports/reference/expand/0af1/neighbors.csv", neighbours.replacing("0.8", with: "0.81"))
        #expect(
            try nodes[0].changedFiles(in: try #require(try reference.result(of: nodes[0])), isWhole: false).map(
                \.description)
                == [
                    "\(reference.url.path)/expand/0af1/neighbors.csv: is not the file that the document used"
                ])
        #expect(
            try nodes[0].changedFiles(in: try #require(try reference.result(of: nodes[0])), isWhole: true).map(
                \.problem)
                == ["is not the file that the document used", "is missing"])
        try reference.keep([nodes[1]])
        #expect(try pod.files(in: "reports/reference") == ["evaluate/0af1/queries.csv", "manifest.json"])
    }

    @Test func `An emptied list of figures is found, and so is a curve that another Cairo cannot check`()
        throws
    {
        let pod = try Self.rendered()
        let record = "reports/trial_files/record.json"
        let text = try pod.read(record)
        var members = try JSONValue(parsing: Data(text.utf8)).object ?? [:]
        members["figures"] = .object([:])
        try pod.write(record, JSONValue.object(members).text)
        let found = try Self.findings(pod)
        #expect(found.allSatisfy { $0.contains("not in trial_files/record.json") }, "\(found)")
        let photographs = found.count { $0.hasPrefix("trial_files/photographs/") }
        #expect(photographs > 2 && found.count == 4 + photographs)

        try pod.write(record, text)
        let curve = "reports/trial_files/figure-gfm/fig-map-1.svg"
        let drawn = try pod.read(curve)
        try pod.write(curve, drawn + "<!-- -->")
        members = try JSONValue(parsing: Data(text.utf8)).object ?? [:]
        var figures = members["figures"]?.object ?? [:]
        figures["trial_files/figure-gfm/fig-map-1.svg"] = .string(Digest.of(drawn + "<!-- -->"))
        members["figures"] = .object(figures)
        try pod.write(record, JSONValue.object(members).text)
        let loud = try Self.findings(pod, versions: ["Cairo": "0.0"])
        #expect(loud.count == 1 && loud[0].contains("compared only by data, not as drawn"), "\(loud)")
    }

    @Test func `A manifest cannot remove files that are not Whalebook's, and no link is followed`() throws {
        let pod = try Self.rendered()
        try pod.write("reports/notes.md", "mine")
        try pod.write("elsewhere/fig-old-1.png", "mine too")
        let figures = pod.root.appending(path: "reports/trial_files")
        try FileManager.default.createSymbolicLink(
            at: figures.appending(path: "linked"), withDestinationURL: pod.root.appending(path: "elsewhere"))
        try pod.write(
            "reports/trial_files/manifest.json",
            """
            {"files": ["notes.md", "trial.md", "../elsewhere/fig-old-1.png", "trial_files/linked/fig-old-1.png"]}
            """)
        _ = try pod.render(Self.text, formats: [.gfm])
        #expect(try pod.read("reports/notes.md") == "mine")
        #expect(try pod.read("elsewhere/fig-old-1.png") == "mine too")
    }

    @Test func `A record with paths outside its folder has a flaw`() throws {
        let pod = try Self.rendered()
        let record = try DocumentVerification.all(
            of: pod.root.appending(path: "reports/trial.book.md"), in: pod.root.appending(path: "reports"))[0].record
        let json = try JSONValue(encoding: record)
        func flaw(stage: String, key: String, file: String) throws -> String? {
            var members = json.object ?? [:]
            members["nodes"] = .array([
                .object([
                    "stage": .string(stage), "key": .string(key), "outputDigest": "",
                    "files": .object([file: .string(Digest.of(""))]),
                ])
            ])
            return try JSONValue.object(members).decoded(as: RenderRecord.self).flaw
        }
        let key = Digest.of("key")
        #expect(try flaw(stage: "evaluate", key: key, file: "queries.csv") == nil)
        for bad in ["../../..", "", String(key.dropLast()), key.uppercased(), key + "/..", "\(key.dropLast())\u{0}"] {
            #expect(try flaw(stage: "evaluate", key: bad, file: "queries.csv") != nil, "\(bad)")
        }
        for bad in ["..", "a/b", ".hidden", "", "/etc/passwd", "a\u{0}b"] {
            #expect(try flaw(stage: "evaluate", key: key, file: bad) != nil, "\(bad)")
        }
        #expect(throws: DecodingError.self) { try flaw(stage: "../evaluate", key: key, file: "queries.csv") }
    }

    @Test func `A document that was never rendered, or whose record is broken, is an error`() throws {
        let pod = try Pod()
        try pod.write("reports/trial.book.md", "Text\n")
        #expect {
            try Self.findings(pod)
        } throws: {
            "\($0)".contains("trial.book.md has no rendering with a record in ")
        }
        try pod.write("reports/trial_files/record.json", "{}")
        #expect { try Self.findings(pod) } throws: {
            "\($0)".contains("record.json: this is not a record of a rendering")
        }
    }
}
