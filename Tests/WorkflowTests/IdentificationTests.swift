import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Imaging
import Results
import Testing

@testable import Workflow

@Suite struct IdentificationTests {
    private static let picture = Raster(width: 40, height: 30, red: 9, green: 99, blue: 120)

    /// A finished run, and pictures that the worker embeds like the given photographs of the pod.
    ///
    /// The photographs of the pod in `catalogued` have the same file as every picture.
    private func sandbox(
        _ pictures: [(name: String, as: Int)], catalogued: [String] = [],
        yaml: String = "split: {folds: 2, unseen: 0}\n"
    ) async throws -> (sandbox: Sandbox, project: Project, urls: [URL]) {
        let sandbox = try Sandbox(yaml: yaml)
        for id in catalogued {
            let file = sandbox.root.appending(path: "pod/images/\(id).jpg")
            try AtomicFile.write(Self.picture.jpeg(quality: 90), to: file)
        }
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let season = sandbox.root.appending(path: "season")
        let urls = pictures.map { season.appending(path: $0.name) }
        for url in urls {
            try AtomicFile.write(Self.picture.jpeg(quality: 90), to: url)
        }
        let all = Sandbox.embeddings(noise: 1.4)
        let values = pictures.flatMap { all.values[$0.as * all.columns..<($0.as + 1) * all.columns] }
        try NPYMatrix(rows: pictures.count, columns: all.columns, values: values)
            .write(to: sandbox.root.appending(path: "bin/asked.npy"))
        try AtomicFile.write(
            CSVTable.text(header: ["image_id"], rows: urls.map { [$0.path] }),
            to: sandbox.root.appending(path: "bin/asked.csv"))
        return (sandbox, project, urls)
    }

    @Test func `A photograph that is in the catalogue is found first, and its animal is known`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7), ("deep/b.JPG", 40)])
        let question = try IdentificationQuestion(photographs: [sandbox.root.appending(path: "season")], count: 3)
        let identified = try await Identification(project, question).run(observer: SilentObserver())
        #expect(identified.photographs.map(\.path) == urls.map(\.path))
        for (answer, row) in zip(identified.answers, [7, 40]) {
            let best = try #require(answer.candidates.first)
            #expect(answer.candidates.count == 3)
            #expect(best.whaleID == "w\(row / 6)" && best.photographs.first?.id == "p\(row / 6)-\(row % 6)")
            // Rows of unit length in single precision.
            #expect(abs(best.score - 1) < 1e-6 && best.photographs.count == 3)
            #expect(answer.isNew == false)
            #expect(try #require(answer.probabilityOfNew) < 0.5)
        }
        #expect(identified.text.contains("a.jpg: probably known (probability of a new animal "))
        #expect(identified.json[path: "photographs.0.candidates.0.photographs.0.path"] == "images/p1-1.jpg")
    }

    @Test func `An unreadable picture is reported, and the others are still matched`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)])
        let broken = sandbox.root.appending(path: "season/broken.jpg")
        try AtomicFile.write("no picture", to: broken)
        let question = try IdentificationQuestion(photographs: urls + [broken], count: 2)
        let identified = try await Identification(project, question).run(observer: SilentObserver())
        #expect(identified.photographs.count == 1)
        #expect(identified.unreadable.map(\.path) == [broken.path])
        #expect(identified.json[path: "unreadable.0.reason"]?.string?.isEmpty == false)
    }

    @Test func `Embeddings that a disk error changed are refused`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)])
        defer { withExtendedLifetime(sandbox) {} }
        let file = try await project.results(of: Node(.embed, member: "lite0", seed: 1, fold: 0))
            .appending(path: "embeddings.npy")
        let digest = try Digest.ofContents(of: file.path)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 1] ^= 1
        try AtomicFile.write(bytes, to: file)
        // Restores the time, so that it does not reveal the change.
        var digests = try FileDigests(
            rememberedAt: project.store.digestsFile, in: project.store, root: project.configuration.root)
        digests.remember(digest, of: file.path)
        try digests.save()
        let error = await #expect(throws: WorkflowError.self) {
            try await Identification(project, IdentificationQuestion(photographs: urls, count: 3))
                .run(observer: SilentObserver())
        }
        #expect(error?.description.contains("damaged") == true, "\(String(describing: error))")
    }

    @Test func `The contact sheet is a picture with a row for each photograph`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7), ("b.jpg", 8)])
        let question = try IdentificationQuestion(photographs: urls, count: 2)
        let identified = try await Identification(project, question).run(observer: SilentObserver())
        let sheet = sandbox.root.appending(path: "sheet.png")
        #expect(try identified.writeSheet(to: sheet) == [sheet])
        #expect(try Data(contentsOf: sheet).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test func `Without a calibration there are animals and the reason, but no probability and no label`() async throws
    {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)], yaml: "split: {folds: 20}\n")
        defer { withExtendedLifetime(sandbox) {} }
        let question = try IdentificationQuestion(photographs: urls, count: 1)
        let identified = try await Identification(project, question).run(observer: SilentObserver())
        #expect(identified.answers[0].probabilityOfNew == nil && identified.answers[0].isNew == nil)
        #expect(identified.json[path: "photographs.0.probability_of_new"] == .null)
        #expect(identified.json[path: "photographs.0.is_new"] == .null)
        let reason = try #require(identified.json["reason"]?.string)
        #expect(reason.contains("to fit"))
        #expect(identified.text.contains("a.jpg: cannot tell yet whether this is a new animal: \(reason)\n  1. w"))
    }

    @Test func `A photograph that is already in the catalogue is reported, and is not its own match`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)], catalogued: ["p1-1"])
        defer { withExtendedLifetime(sandbox) {} }
        let question = try IdentificationQuestion(photographs: urls, count: 12)
        let identified = try await Identification(project, question).run(observer: SilentObserver())
        #expect(identified.text.contains("a.jpg: already in the catalogue: images/p1-1.jpg (w1)\n"))
        let told = try #require(identified.json[path: "photographs.0.already_in_catalogue"]?.array)
        #expect(told == [["image_id": "p1-1", "path": "images/p1-1.jpg", "whale_id": "w1"]])
        #expect(identified.answers[0].candidates.count == 12)
        #expect(identified.answers[0].candidates.allSatisfy { $0.score < 0.999 })
        #expect(!identified.answers[0].candidates.flatMap(\.photographs).contains { $0.id == "p1-1" })
    }

    @Test func `Photographs queried together get one result, by their mean similarity`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7), ("b.jpg", 8)])
        defer { withExtendedLifetime(sandbox) {} }
        func identified(together: Bool) async throws -> Identified {
            let question = try IdentificationQuestion(photographs: urls, count: 12, together: together)
            return try await Identification(project, question).run(observer: SilentObserver())
        }
        let alone = try await identified(together: false), together = try await identified(together: true)
        #expect(alone.answers.count == 2 && together.answers.count == 1)
        for candidate in together.answers[0].candidates {
            let scores = alone.answers.compactMap { answer in
                answer.candidates.first { $0.whaleID == candidate.whaleID }?.score
            }
            #expect(scores.count == 2 && abs(candidate.score - (scores[0] + scores[1]) / 2) < 1e-12)
        }
        #expect(together.json["together"] == true && together.json[path: "candidates.0.whale_id"] == "w1")
        #expect(together.json["is_new"] == false && together.json[path: "photographs.0.candidates"] == nil)
        #expect(alone.json["together"] == false && alone.json["candidates"] == nil)
        #expect(together.text.hasPrefix("2 photographs together: probably known (probability of a new animal "))
        let sheet = sandbox.root.appending(path: "sheet.png")
        #expect(try together.writeSheet(to: sheet) == [sheet])
    }

    @Test func `The mean of three ranks an animal by more than its best photograph`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)])
        defer { withExtendedLifetime(sandbox) {} }
        func identified(_ rule: IdentificationQuestion.Rule) async throws -> Identified {
            let question = try IdentificationQuestion(photographs: urls, count: 12, rule: rule)
            return try await Identification(project, question).run(observer: SilentObserver())
        }
        let best = try await identified(.best), mean = try await identified(.meanBest3)
        #expect(best.json["ranked_by"] == "best" && mean.json["ranked_by"] == "mean-best-3")
        for candidate in mean.answers[0].candidates {
            #expect(abs(candidate.score - candidate.photographs.map(\.score).reduce(0, +) / 3) < 1e-12)
        }
        #expect(zip(best.answers[0].candidates, mean.answers[0].candidates).contains { $0.whaleID != $1.whaleID })
        // The calibration uses the nearest photograph, whatever the rule.
        #expect(best.answers[0].probabilityOfNew == mean.answers[0].probabilityOfNew)
    }

    @Test func `If the side is known, only photographs of that side are compared`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)])
        defer { withExtendedLifetime(sandbox) {} }
        func identified(_ side: Viewpoint) async throws -> Identified {
            let question = try IdentificationQuestion(photographs: urls, count: 12, viewpoint: side)
            return try await Identification(project, question).run(observer: SilentObserver())
        }
        let left = try await identified(.left)
        // Every third photograph of the pod is from the left.
        let shown = left.answers[0].candidates.flatMap(\.photographs).map(\.id)
        #expect(shown.count == 24 && shown.allSatisfy { $0.hasSuffix("-2") || $0.hasSuffix("-5") })
        #expect(left.json["viewpoint"] == "left" && left.json["animals_without_viewpoint"] == 0)
        #expect(!left.text.contains("not compared"))
        let right = try await identified(.right)
        #expect(right.answers[0].candidates.isEmpty && right.answers[0].probabilityOfNew == nil)
        #expect(right.text.contains("12 animals have no photograph from the side 'right' and were not compared.\n"))
        #expect(right.json["animals_without_viewpoint"] == 12)
    }

    @Test func `A folder and a backbone need no project, and give no probability`() async throws {
        let (sandbox, _, urls) = try await sandbox([("a.jpg", 7)])
        let weights = sandbox.root.appending(path: "weights.safetensors")
        try AtomicFile.write("weights", to: weights)
        try FileManager.default.removeItem(at: sandbox.root.appending(path: "whalebook.yaml"))
        let identified = try await FolderIdentification(
            DataSettings(folder: sandbox.root.appending(path: "pod").path),
            by: MemberSettings(backbone: "tf_efficientnet_lite0", weights: weights.path),
            IdentificationQuestion(photographs: urls, count: 2), worker: sandbox.worker, device: .auto,
            skipsBroken: false, environment: sandbox.environment
        ).run(observer: SilentObserver())
        #expect(identified.answers[0].candidates.first?.photographs.first?.id == "p1-1")
        #expect(identified.answers[0].probabilityOfNew == nil && identified.answers[0].isNew == nil)
        #expect(
            identified.text.contains(
                "cannot tell yet whether this is a new animal: there is no evaluation; run `whalebook report` in a "
                    + "project to calibrate\n"))
    }

    @Test func `Empty folders and missing models are refused`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        #expect(throws: FileError.self) {
            try IdentificationQuestion(photographs: [sandbox.root.appending(path: "nowhere.jpg")], count: 1)
        }
        #expect { try IdentificationQuestion(photographs: [sandbox.root.appending(path: "bin")], count: 1) } throws: {
            "\($0)".contains("it contains no picture")
        }
        let photograph = sandbox.root.appending(path: "pod/images/p0-0.jpg")
        let identification = Identification(project, try IdentificationQuestion(photographs: [photograph], count: 1))
        await #expect(throws: WorkflowError.self) { try await identification.run(observer: SilentObserver()) }
    }
}
