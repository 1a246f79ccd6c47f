import Basics
import Foundation
import TestSupport
import Testing

/// `whalebook fetch`, from a server on loopback to a score.
@Suite(.serialized) struct FetchCommandTests {
    @Test func `The competition's data are fetched, trained on and scored by the official rule`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let published = try PublishedBelugas(of: shell.folder.appending(path: "pod"))
        let files = ["beluga.coco.tar.gz": published.trainingArchive, "beluga-id-test.zip": published.testArchive]
        let server = try LoopbackServer { request, _ in
            files[String(request.path.dropFirst("/lila/".count))].map { .init(body: $0) } ?? .init(status: 404)
        }
        let fetched = try shell.whalebook("fetch", "beluga-id-2022", "belugas", "--from", "\(server.address)/lila")
        #expect(fetched.status == 0, "\(fetched.errors)")
        let lines = fetched.output.split(separator: "\n").map(String.init)
        #expect(lines[1] == "licence     CDLA-Permissive 1.0: https://cdla.dev/permissive-1-0/")
        #expect(lines.last == "Next: whalebook run --config configs/belugas.yaml")
        #expect(!shell.exists("belugas.partial"))

        #expect(try shell.whalebook("catalog", "belugas").status == 0)
        #expect(try shell.whalebook("catalog", "belugas/beluga.coco").status == 0)
        // It would keep the test from training, as configs/belugas.yaml does.
        let proposed = try shell.whalebook("init", "belugas", "--no-training")
        #expect(proposed.status == 0 && proposed.errors.contains("kind: column"), "\(proposed.errors)")
        try shell.write(
            shell.read("whalebook.yaml").replacing(
                "data: pod", with: "data: belugas\nsplit: {kind: column, folds: 2, unknown: leave-out}"),
            to: "whalebook.yaml")
        let run = try shell.whalebook("run", "evaluate", "--plain")
        #expect(run.status == 0, "\(run.errors)")

        func path(_ result: String) throws -> String {
            try shell.whalebook("path", result).output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        func score(_ submission: String, _ labels: String) throws -> Double {
            let outcome = try shell.whalebook("score", submission, "belugas/\(labels)")
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try #require(JSONValue(parsing: Data(outcome.output.utf8))["mean_average_precision"]?.double)
        }
        let evaluation = try JSONValue.read(shell.folder.appending(path: path("evaluation")))
        let official = try score(path("submission"), "labels.csv")
        let measured = try #require(evaluation[path: "pooled.map"]?.double)
        // Sums in another order.
        #expect(abs(official - measured) < 1e-12)
        #expect(try score(path("submission"), "labels-corrected.csv") != official)

        // As the competitors submitted, from the folder without names.
        let submitted = try shell.whalebook(
            "submit", "belugas/beluga-id-test/code-execution", "--output", "submission.csv")
        #expect(submitted.status == 0, "\(submitted.errors)")
        #expect(try abs(score("submission.csv", "labels.csv") - official) < 1e-12)
    }

    @Test func `Errors say what to do, and nothing is left`() throws {
        let shell = try Shell()
        defer { shell.remove() }
        let link = PackedArchive.tarGzip([.init("hyena.coco/images", kind: .link, target: "/tmp")])
        let server = try LoopbackServer { request, _ in
            request.path.hasSuffix("hyena.coco.tar.gz") ? .init(body: link) : .init(status: 404)
        }
        for (name, words) in [
            ("hyenas", "the entry 'hyena.coco/images' is refused, because it is a link"),
            ("leopards", "127.0.0.1:\(server.port) does not have it. Check the network"),
            ("hyena", "There is no public data set 'hyena'. Did you mean 'hyenas'?"),
        ] {
            let outcome = try shell.whalebook("fetch", name, "animals", "--from", server.address)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(try shell.contents(".").filter { !$0.hasPrefix(".") }.isEmpty)
        }
        #expect(try shell.whalebook("fetch", "hyenas").status == 64)
        let list = try shell.whalebook("fetch")
        #expect(list.status == 0)
        #expect(list.output.contains("beluga-id-2022: beluga whales of Cook Inlet"))
    }
}
