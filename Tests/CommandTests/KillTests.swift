import Basics
import Digests
import Foundation
import TestSupport
import Testing

/// Kills runs with signal 9 at random points and runs them again: the results must equal those of an undisturbed run.
@Suite(.serialized) struct KillTests {
    /// The files that must not differ; `history.csv` contains times.
    private static let artefacts = [
        "split": ["split.csv", "scenarios.json", "labels.csv"], "train": ["model.safetensors"],
        "embed": ["embeddings.npy", "untrained.npy"],
        "search": ["neighbors.csv", "ranks.csv", "novelty.csv", "suspects.csv", "suspects.json"],
        "expand": ["neighbors.csv", "ranks.csv"],
        "evaluate": [
            "evaluation.json", "queries.csv", "submission.csv", "calibration.json", "causes.csv", "confused-pairs.json",
        ],
        "sweep": ["sweep.csv", "sweep.json"], "explain": ["pairs.csv", "heat-maps.csv", "explain.json"],
        "reduce": ["embedding-map.csv", "reduce.json"],
    ]

    @Test func `Split, search, expansion and evaluation survive being killed anywhere`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        #expect(try shell.whalebook("import", "e.npy").status == 0)
        try Self.kill(shell, times: Thoroughness.isFull ? 90 : 24, seed: 1)
    }

    @Test func `A small training survives being killed anywhere`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try Self.kill(shell, times: Thoroughness.isFull ? 10 : 5, seed: 2)
    }

    private static func kill(_ shell: Shell, times: Int, seed: UInt64) throws {
        let first = try shell.whalebook("run")
        #expect(first.status == 0, "\(first.errors)")
        // The first run also fills the disk cache; the second takes as long as the following ones.
        try shell.forgetResults()
        let start = ContinuousClock.now
        _ = try shell.whalebook("run")
        let length = (ContinuousClock.now - start) / .seconds(1)
        let undisturbed = try results(shell)
        #expect(undisturbed.count >= 5)
        var generator = SeededGenerator(seed: seed, "kill")
        var killed = 0
        for round in 0..<times {
            try shell.forgetResults()
            let process = try shell.start(["run"])
            Thread.sleep(forTimeInterval: generator.uniform(0...length))
            if process.isRunning {
                Foundation.kill(process.processIdentifier, SIGKILL)
                killed += 1
            }
            process.waitUntilExit()
            let again = try shell.whalebook("run")
            #expect(again.status == 0, "round \(round): \(again.errors)")
            #expect(try results(shell) == undisturbed, "round \(round)")
        }
        #expect(killed > times / 4, "\(killed) of \(times) runs were killed in time")
        #expect(try shell.whalebook("status", "-q").status == 0)
        let leftovers = try FileManager.default.subpathsOfDirectory(atPath: shell.folder.path)
            .filter { $0.hasSuffix(".old") || $0.hasSuffix(".partial") }
        #expect(leftovers.isEmpty)
    }

    /// The digest of every artefact, by stage and file.
    private static func results(_ shell: Shell) throws -> [String: String] {
        let status = try shell.whalebook("status", "--json")
        var result: [String: String] = [:]
        for node in try JSONValue(parsing: Data(status.output.utf8))["nodes"]?.array ?? [] {
            let stage = try #require(node["stage"]?.string), key = try #require(node["key"]?.string)
            for file in artefacts[stage] ?? [] {
                let url = shell.folder.appending(path: ".whalebook/cache/\(stage)/\(key)/\(file)")
                guard let data = try? Data(contentsOf: url) else { continue }
                result["\(stage)/\(file)"] = Digest.of(data)
            }
        }
        return result
    }
}
