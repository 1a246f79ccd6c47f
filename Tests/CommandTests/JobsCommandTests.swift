import Basics
import Digests
import Foundation
import Testing

/// `run --jobs`, as a user starts it, with real trainings.
@Suite(.serialized) struct JobsCommandTests {
    private static let oneThread = ["WHALEBOOK_THREADS": "1"]

    /// A pod on which two seeds train.
    private static func project() throws -> Shell {
        let shell = try Shell.project()
        try shell.write("seeds: [1, 2]\n" + shell.read("whalebook.yaml"), to: "whalebook.yaml")
        return shell
    }

    /// The digest of every file that a document or a stage reads, by node and file.
    private static func results(_ shell: Shell) throws -> [String: String] {
        let status = try shell.whalebook("status", "--json", environment: oneThread)
        var result: [String: String] = [:]
        for node in try JSONValue(parsing: Data(status.output.utf8))["nodes"]?.array ?? [] {
            let stage = try #require(node["stage"]?.string), key = try #require(node["key"]?.string)
            let folder = ".whalebook/cache/\(stage)/\(key)"
            // The others have times.
            for file in try shell.contents(folder) where !["node.json", "node.log", "history.csv"].contains(file) {
                let data = try Data(contentsOf: shell.folder.appending(path: "\(folder)/\(file)"))
                result["\(node["name"]?.string ?? "")/\(file)"] = Digest.of(data)
            }
        }
        return result
    }

    @Test func `Two jobs give the bytes of one with as many threads, also after a kill during two trainings`() throws {
        let alone = try Self.project(), shared = try Self.project()
        defer {
            alone.remove()
            shared.remove()
        }
        let first = try alone.whalebook("run", environment: Self.oneThread)
        #expect(first.status == 0, "\(first.errors)")
        let expected = try Self.results(alone)
        #expect(expected.keys.count { $0.hasSuffix("model.safetensors") } == 2)

        let process = try shared.start(["run", "--jobs", "2"], environment: Self.oneThread)
        let cache = shared.folder.appending(path: ".whalebook/cache/train")
        // Both trainings have begun, and neither has ended.
        func begun() -> [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: cache.path)) ?? []
            return names.filter {
                FileManager.default.fileExists(atPath: cache.appending(path: "\($0)/node.log").path)
            }
        }
        for _ in 0..<6000 where process.isRunning && begun().count < 2 { Thread.sleep(forTimeInterval: 0.01) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(begun().count == 2 && begun().allSatisfy { $0.hasSuffix(".partial") }, "\(begun())")

        let second = try shared.whalebook("run", "--jobs", "2", environment: Self.oneThread)
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("  train tiny 2 0: ") || second.errors.contains("done in"))
        let found = try Self.results(shared)
        #expect(found == expected)
        let leftovers = try FileManager.default.subpathsOfDirectory(atPath: shared.folder.path)
            .filter { $0.hasSuffix(".old") || $0.hasSuffix(".partial") }
        #expect(leftovers.isEmpty)
    }

    @Test func `An estimate for two jobs says what it rests on, also as JSON`() throws {
        let shell = try Self.project()
        defer { shell.remove() }
        let text = try shell.whalebook("run", "-n", "--jobs", "2")
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.contains("with 2 jobs of"))
        #expect(text.output.contains("tiny: a photograph takes"))
        #expect(text.output.contains("Unknown and left out, since they never ran here: split"))
        let result = try shell.whalebook("run", "-n", "--jobs", "2", "--json")
        let json = try JSONValue(parsing: Data(result.output.utf8))
        #expect(json["jobs"]?.integer == 2)
        let nodes = try #require(json["nodes"]?.array)
        #expect(nodes.first { $0["name"]?.string?.hasPrefix("train") == true }?["origin"]?.string == "measured")
        #expect(nodes.first?["origin"]?.string == "unknown" && nodes.first?["seconds"] == .null)
        let seconds = try #require(json["seconds"]?.array).compactMap(\.double)
        #expect(seconds.count == 2 && seconds[0] > 0 && seconds[0] <= seconds[1])
        #expect(json[path: "members"]?.array?.first?["decoding_seconds_per_photograph"]?.double ?? 0 > 0)
        #expect(!shell.exists(".whalebook/cache"))
    }

    @Test(arguments: [["--jobs", "0"], ["--jobs", "257"], ["--json"]])
    func `Impossible options are refused`(options: [String]) throws {
        let shell = try Shell()
        defer { shell.remove() }
        #expect(try shell.whalebook(arguments: ["run"] + options).status == 64)
    }

    @Test(arguments: [
        ("cuda", "finds no graphics card"), ("cuda:1", "finds no graphics card"), ("gpu", "'gpu' is not a device"),
        ("cuda:-1", "is not a device"), ("cuda:99", "is not a device"),
    ])
    func `A device that is not there is refused in plain words`(device: String, words: String) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let text = try shell.read("whalebook.yaml").replacing("device: cpu", with: "device: \(device)")
        try shell.write(text, to: "whalebook.yaml")
        let result = try shell.whalebook("run")
        #expect(result.status == 1)
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}
