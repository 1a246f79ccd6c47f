import Basics
import Foundation
import TestSupport
import Testing

/// `run --devices`, and runs that a launcher starts, as a user sees them.
@Suite(.serialized) struct LaunchCommandTests {
    /// The variables of one of two processes that torchrun started.
    private static func torchrun(_ change: [String: String?] = [:]) -> [String: String] {
        var environment: [String: String] = [
            "RANK": "0", "WORLD_SIZE": "2", "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": "29500", "WHALEBOOK_RANK_TIMEOUT": "2", "WHALEBOOK_THREADS": "1",
        ]
        for (name, value) in change { environment[name] = value }
        return environment
    }

    @Test(arguments: ["0", "-1", "1025", "two"])
    func `An impossible number of devices is refused`(devices: String) throws {
        let shell = try Shell()
        defer { shell.remove() }
        let result = try shell.whalebook("run", "--devices=\(devices)")
        #expect(result.status == 64 && result.errors.contains("devices"), "\(result.errors)")
    }

    @Test func `Several devices without a graphics card are refused in plain words`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let text = try shell.read("whalebook.yaml").replacing("device: cpu", with: "device: cuda")
        try shell.write(text, to: "whalebook.yaml")
        let result = try shell.whalebook("run", "--devices", "2")
        #expect(result.status == 1 && result.errors.contains("finds no graphics card"), "\(result.errors)")
    }

    @Test func `More devices than cores train, and the run says that it is slow`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let result = try shell.whalebook(
            "run", "train", "--devices", "3", environment: ["WHALEBOOK_CORES": "2", "WHALEBOOK_THREADS": "1"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("--devices 3 starts more processes than there are cores"), "\(result.errors)")
        let folder = ".whalebook/cache/train"
        let name = try #require(try shell.contents(folder).first)
        let record = try JSONValue.read(shell.folder.appending(path: "\(folder)/\(name)/node.json"))
        #expect(record[path: "machine.processes"]?.integer == 3, "\(record.text.prefix(2000))")
    }

    @Test func `Two processes match marks to the bytes of one, and the record has their number`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let text = try shell.read("whalebook.yaml")
        try shell.write(text + "\nmatch: {kind: sift}\n", to: "whalebook.yaml")
        let environment = ["WHALEBOOK_CORES": "2", "WHALEBOOK_THREADS": "2"]
        func match(_ arguments: String...) throws -> (scores: Data, processes: Int?) {
            let result = try shell.whalebook(arguments: ["run", "match"] + arguments, environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            let folder = ".whalebook/cache/match"
            let name = try #require(try shell.contents(folder).first)
            let place = shell.folder.appending(path: "\(folder)/\(name)")
            let record = try JSONValue.read(place.appending(path: "node.json"))
            return (
                try Data(contentsOf: place.appending(path: "scores.npy")), record[path: "machine.processes"]?.integer
            )
        }
        let one = try match()
        let two = try match("-f", "--devices", "2")
        #expect(two.scores == one.scores && one.processes == nil && two.processes == 2)
    }

    @Test(
        arguments: [
            (["RANK": nil], "has no RANK"), (["MASTER_ADDR": nil], "has no MASTER_ADDR"),
            (["MASTER_PORT": nil], "has no MASTER_PORT"), (["RANK": "2"], "ranks of 2 processes end at 1"),
            (["WHALEBOOK_RANK_TIMEOUT": "soon"], "WHALEBOOK_RANK_TIMEOUT is 'soon'"),
            (["TORCHELASTIC_USE_AGENT_STORE": "True"], "Set TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1 before torchrun"),
        ] as [([String: String?], String)])
    func `Half of a launcher's variables, or torchrun's own store, end the run at once`(
        change: [String: String?], words: String
    ) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let result = try shell.whalebook("run", "train", environment: Self.torchrun(change))
        #expect(result.status == 1 && result.errors.contains(words), "\(result.errors)")
    }

    @Test func `A port that is in use is named`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let (listener, port) = try FreePort.listener()
        defer { close(listener) }
        let result = try shell.whalebook("run", "train", environment: Self.torchrun(["MASTER_PORT": "\(port)"]))
        #expect(result.status == 1, "\(result.errors)")
        #expect(result.errors.contains("Rank 0 cannot listen on MASTER_PORT \(port)"), "\(result.errors)")
    }

    @Test func `A process whose rank 0 never starts ends within the timeout`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let port = try FreePort.next()
        let result = try shell.whalebook(
            "run", "train", environment: Self.torchrun(["RANK": "1", "MASTER_PORT": "\(port)"]))
        #expect(result.status == 1, "\(result.errors)")
        #expect(result.errors.contains("The store of rank 0 at '127.0.0.1:\(port)' did not respond within 2 s"))
    }

    @Test(arguments: [["--devices", "2"], ["--jobs", "2"]])
    func `Options for one machine are refused under a launcher`(options: [String]) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let port = try FreePort.next()
        let result = try shell.whalebook(
            arguments: ["run"] + options, environment: Self.torchrun(["MASTER_PORT": "\(port)"]))
        #expect(result.status == 64 && result.errors.contains("Leave it out."), "\(result.errors)")
    }
}
