import Basics
import Foundation
import Testing

/// The main task of a user: one small project, run from photographs to a rendered report.
struct WorkflowCommandTests {
    @Test func `A pod is trained on, searched, scored and reported, and a second run has nothing to do`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        #expect(try shell.whalebook("status", "-q").status == 2)

        let report = try shell.execute(
            URL(filePath: "/usr/bin/env"), Self.revealing + [Shell.executable.path, "report"], environment: [:])
        #expect(report.status == 0, "\(report.errors)")
        #expect(report.output == "reports/trial.md\n")
        #expect(try shell.read("reports/trial.md").hasPrefix("# mAP 0."))
        #expect(shell.exists("reports/trial_files/figure-gfm/fig-worst-1.png"))

        let status = try shell.whalebook("status", "--json")
        let nodes = try #require(try JSONValue(parsing: Data(status.output.utf8))["nodes"]?.array)
        #expect(nodes.map { $0["state"]?.string } == Array(repeating: "fresh", count: 10))
        let again = try shell.whalebook("run")
        #expect(again.status == 0 && again.errors.contains("Everything was fresh."), "\(again.errors)")
        #expect(try shell.whalebook("status", "-q").status == 0)

        try isVerified(shell)
        try scoresAgree(shell)
        try outsideTheWorkflow(shell)
        try identifies(shell)
        try exports(shell)
        try optionsMakeStale(shell)
        try compares(shell)
    }

    /// The report follows from the rankings, with the store and with only the reference; a changed neighbour is found,
    /// and so is a changed number.
    private func isVerified(_ shell: Shell) throws {
        let render = try shell.whalebook("render", "reports/trial.book.md", "--reference", "reference")
        #expect(render.status == 0, "\(render.errors)")
        func findings() throws -> (status: Int32, lines: [Substring]) {
            let verify = try shell.whalebook("verify", "reports/trial.book.md", "--reference", "reference")
            #expect(verify.status == 0 || verify.status == 2, "\(verify.errors)")
            return (verify.status, verify.output.split(separator: "\n"))
        }
        #expect(try findings() == (0, []))
        try shell.move(".whalebook/cache", to: "elsewhere")
        #expect(try findings() == (0, []))

        let key = try #require(try shell.contents("reference/expand").first)
        let file = "reference/expand/\(key)/neighbors.csv"
        let neighbours = try shell.read(file)
        var rows = neighbours.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let first = try #require(rows.firstIndex { $0.hasSuffix(",1") })
        let right = rows[first].split(separator: ",")[4]
        let second = rows[first + 1].split(separator: ",")[4]
        (rows[first], rows[first + 1]) = (
            rows[first].replacing(right, with: second), rows[first + 1].replacing(second, with: right)
        )
        try shell.write(rows.joined(separator: "\n"), to: file)
        let changed = try findings().lines
        #expect(changed.contains { $0.hasPrefix("\(file): is not the file") }, "\(changed)")
        #expect(changed.contains { $0.contains("evaluation.json: ") && $0.contains("pooled.map is ") }, "\(changed)")
        #expect(changed.contains { $0.hasPrefix("trial.md:1: says '# mAP 0.") }, "\(changed)")
        try shell.move("elsewhere", to: ".whalebook/cache")
        let beside = try findings()
        #expect(
            beside.status == 2
                && beside.lines.map { $0.hasPrefix("\(file): is not the file") } == [true])
        try shell.move(".whalebook/cache", to: "elsewhere")
        try shell.write(neighbours, to: file)

        let markdown = try shell.read("reports/trial.md")
        try shell.write("1" + markdown, to: "reports/trial.md")
        let prose = try findings()
        #expect(prose.status == 2 && prose.lines.count == 1 && prose.lines[0].hasPrefix("trial.md:1: says '1# mAP"))
        try shell.write(markdown, to: "reports/trial.md")
        try shell.move("elsewhere", to: ".whalebook/cache")
    }

    /// `evaluate` and the official rule agree on the submission that `evaluate` wrote.
    private func scoresAgree(_ shell: Shell) throws {
        let folder = try result(of: "evaluate", in: shell)
        let score = try shell.whalebook(
            "score", "--strict", "--data", "pod", folder + "/submission.csv", "pod/labels.csv")
        #expect(score.status == 0, "\(score.errors)")
        let official = try #require(
            try JSONValue(parsing: Data(score.output.utf8))["mean_average_precision"]?.double)
        let own = try #require(
            try JSONValue.read(URL(filePath: folder + "/evaluation.json"))[path: "pooled.map"]?.double)
        #expect(abs(official - own) < 1e-12)
    }

    /// A photograph that is in the catalogue is reported as such, and is not its own match; the same picture in a
    /// different file is new, and matches it best.
    private func identifies(_ shell: Shell) throws {
        let identify = try shell.whalebook("identify", "pod/images/train0003.jpg", "--json", "--sheet", "sheet.png")
        #expect(identify.status == 0, "\(identify.errors)")
        let json = try JSONValue(parsing: Data(identify.output.utf8))
        #expect(json[path: "photographs.0.already_in_catalogue.0.image_id"] == "train0003")
        let candidates = try #require(json[path: "photographs.0.candidates"]?.array)
        #expect(!candidates.isEmpty)
        #expect(!candidates.contains { $0[path: "photographs.0.image_id"] == "train0003" })
        #expect(shell.exists("sheet.png"))

        // Bytes after the end of a JPEG are not part of the picture.
        let bytes = try Data(contentsOf: shell.folder.appending(path: "pod/images/train0003.jpg"))
        try AtomicFile.write(bytes + Data([0]), to: shell.folder.appending(path: "copy.jpg"))
        let copy = try shell.whalebook("identify", "copy.jpg", "--json")
        #expect(copy.status == 0, "\(copy.errors)")
        let best = try #require(
            try JSONValue(parsing: Data(copy.output.utf8))[path: "photographs.0.candidates.0.photographs.0"])
        #expect(best["image_id"] == "train0003")
        // The same network on the same picture, but in a batch of a different size.
        #expect(abs((best["score"]?.double ?? 0) - 1) < 1e-4)

        let missing = try shell.whalebook("identify", "copy.jpg", "--catalogue", "pod", "--backbone", "resnet18")
        #expect(missing.status == 64 && missing.errors.contains("--weights is missing"), "\(missing.errors)")
        let by = try shell.whalebook("identify", "copy.jpg", "--by", "worst")
        #expect(by.status == 64 && by.errors.contains("mean-best-3"), "\(by.errors)")
    }

    /// With the trained model, `embed` and `search` give the same ranking for the folder as the workflow.
    private func outsideTheWorkflow(_ shell: Shell) throws {
        let model = try result(of: "train", in: shell)
        let embed = try shell.whalebook("embed", "--data", "pod", "--checkpoint", model, "--output", "e.npy")
        #expect(embed.status == 0, "\(embed.errors)")
        let search = try shell.execute(
            URL(filePath: "/usr/bin/env"),
            Self.revealing + [
                Shell.executable.path, "search", "--embeddings", "e.npy", "--data", "pod", "--expand", "alpha-qe:3:3",
                "--output", "s.csv",
            ], environment: [:])
        #expect(search.status == 0, "\(search.errors)")
        let own = try String(
            contentsOfFile: try result(of: "evaluate", in: shell) + "/submission.csv", encoding: .utf8)
        #expect(try shell.read("s.csv") == own)

        // By itself OpenBLAS would choose other kernels in the worker, which is linked with it.
        let log = try String(contentsOfFile: model + "/node.log", encoding: .utf8)
        #expect(try Self.kernels(in: log) == Self.kernels(in: search.errors))
    }

    /// What `env` needs for OpenBLAS to choose its kernels itself and to print their name.
    private static let revealing = ["--unset=OPENBLAS_CORETYPE", "OPENBLAS_VERBOSE=2"]

    private static func kernels(in text: String) throws -> String {
        String(try #require(text.firstMatch(of: /Core: \w+/)).output)
    }

    /// Every form is written and named; wrong forms, runs and folders are refused.
    private func exports(_ shell: Shell) throws {
        let export = try shell.whalebook("export", "out", "--licence", "CC0")
        #expect(export.status == 0 && !export.errors.contains("note:"), "\(export.errors)")
        let events = "out/tensorboard/tiny-seed-1-fold-0/events.out.tfevents.whalebook"
        let files = [
            "out/fiftyone/metadata.json", "out/fiftyone/samples.json", "out/wildbook/matches.csv", events,
            "out/croissant/croissant.json", "out/croissant/metadata.csv",
        ]
        #expect(export.output == files.map { $0 + "\n" }.joined())
        #expect(files.allSatisfy(shell.exists))
        let samples = try JSONValue.read(shell.folder.appending(path: "out/fiftyone/samples.json"))
        #expect(samples["samples"]?.array?.allSatisfy { $0["embedding"]?.array?.count == 32 } == true)
        let scalars = try Data(contentsOf: shell.folder.appending(path: events))
        // One for each of the two epochs.
        #expect(scalars.ranges(of: Data("train/loss".utf8)).count == 2)

        let form = try shell.whalebook("export", "other", "--form", "fiftyone,wildbok")
        #expect(form.status == 64 && form.errors.contains("There is no form 'wildbok'"), "\(form.errors)")
        let run = try shell.whalebook("export", "other", "--run", "baseline")
        #expect(run.status == 1 && run.errors.contains("There is no run 'baseline'"), "\(run.errors)")
        let folder = try shell.whalebook("export", "pod")
        #expect(folder.status == 1 && folder.errors.contains("is not a folder that 'whalebook export' wrote"))
        #expect(!shell.exists("other"))
    }

    /// Only stages that read an option run again, and until then the report marks stale results.
    private func optionsMakeStale(_ shell: Shell) throws {
        let yaml = try shell.read("whalebook.yaml")
        try shell.write(yaml + "expand: []\n", to: "whalebook.yaml")
        let status = try shell.whalebook("status")
        #expect(status.output.contains("expand.0.kind alpha-qe -> none"), "\(status.output)")
        let render = try shell.whalebook("render", "reports/trial.book.md")
        #expect(render.status == 4)
        #expect(try shell.read("reports/trial.md").contains("[!WARNING]"))
        let run = try shell.whalebook("run")
        #expect(run.errors.contains("[3/3] ") && run.errors.contains("Next: whalebook report"), "\(run.errors)")
    }

    /// The terminal has the verdict of the JSON, and so of the report; runs that returned different numbers of photographs
    /// are not comparable.
    private func compares(_ shell: Shell) throws {
        let text = try shell.whalebook("compare", "1", "2", "--fail-if-worse")
        let json = try JSONValue(parsing: Data(shell.whalebook("compare", "1", "2", "--json").output.utf8))
        #expect(json["verdict"]?.string == "undecided" && text.status == 0, "\(text.errors)")
        #expect(text.output.hasPrefix(try #require(json["answer"]?.string) + "\n"))
        for sentence in ["why", "advice"] {
            #expect(text.output.contains(try #require(json[sentence]?.string)), "\(text.output)")
        }
        #expect(try shell.whalebook("run", "evaluate", "--set", "search.k=5").status == 0)
        let other = try shell.whalebook("compare", "1", "3")
        #expect(other.status == 5 && other.output.isEmpty && other.errors.contains("are not comparable"), "\(other)")
        #expect(try shell.whalebook("compare", "1", "9").status == 1)
    }

    private func result(of stage: String, in shell: Shell) throws -> String {
        let status = try shell.whalebook("status", "--json")
        let nodes = try #require(try JSONValue(parsing: Data(status.output.utf8))["nodes"]?.array)
        let node = try #require(nodes.first { $0["stage"]?.string == stage })
        return shell.folder.appending(path: ".whalebook/cache/\(stage)/\(try #require(node["key"]?.string))").path
    }

    @Test func `status does not map libtorch`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let trace = shell.folder.appending(path: "maps").path
        // The loader lists every library that it maps, one file for each process.
        let result = try shell.whalebook("status", environment: ["LD_DEBUG": "files", "LD_DEBUG_OUTPUT": trace])
        #expect(result.status == 0, "\(result.errors)")
        let maps = try String(contentsOfFile: "\(trace).\(result.process)", encoding: .utf8)
        #expect(maps.contains("libcairo"))
        #expect(!maps.contains("libtorch") && !maps.contains("libc10"))
    }
}
