import Backbones
import Basics
import Digests
import Foundation
import Imaging
import Networks
import TestSupport
import Testing
import Torch

/// Models as they are published: from a hub on loopback to embeddings that equal timm's.
@Suite(.serialized) struct PublishedModelTests {
    private static let commit = String(repeating: "0123456789", count: 4)
    private static let options = ["embed", "--data", "pictures", "--layout", "folders", "--output", "e.npy"]

    /// A model of the fixture, whose weights follow the references' rule.
    private struct Model {
        let fixture: JSONValue

        /// `OWNER/NAME`.
        var name: String { get throws { try #require(fixture["reference"]?.string) } }
        var config: Data { get throws { Data(try #require(fixture["config"]).text.utf8) } }
        var weightsName: String { get throws { try #require(fixture["file"]?.string) } }

        var architecture: String {
            get throws {
                if let name = fixture[path: "config.model_name"]?.string { return "miewid_\(name)" }
                return try #require(fixture[path: "config.architecture"]?.string)
            }
        }

        /// The tensors of the published file.
        private var tensors: [(name: String, shape: [Int], values: [Float])] {
            get throws {
                let store = ParameterStore(seed: 0, on: .shapesOnly)
                _ = try BackboneCatalog.variant(architecture).network(in: store.root)
                // The class matrix of a model of animals, which is left out.
                let classes = try architecture.hasPrefix("miewid") ? [("final.weight", [2152, 12])] : []
                return (store.tensors.map { ($0.name, $0.tensor.shape) } + classes).map { name, shape in
                    (name, shape, name == "pooling.p" ? [3] : ReferenceRule.values(name, shape: shape))
                }
            }
        }

        /// The published file: safetensors, or a checkpoint with the state of a training in `model`.
        func weights(in folder: URL) throws -> Data {
            let tensors = try tensors
            guard try weightsName == "pytorch_model.bin" else {
                let file = folder.appending(path: "published.safetensors")
                defer { try? FileManager.default.removeItem(at: file) }
                try Safetensors.write(tensors.map { ($0.name, try Tensor($0.values, shape: $0.shape)) }, to: file)
                return try Data(contentsOf: file)
            }
            var entries: [Forge.Entry] = []
            var state: [(String, Data)] = []
            for (number, (name, shape, values)) in tensors.enumerated() {
                entries.append(.init(name: "m/data/\(number)", contents: values.withUnsafeBytes { Data($0) }))
                var (strides, step) = ([Int64](), Int64(1))
                for length in shape.reversed() {
                    strides.insert(step, at: 0)
                    step *= Int64(length)
                }
                let storage = Forge.storage(key: "\(number)", count: Int64(values.count))
                state.append((name, Forge.tensor(storage, shape: shape.map(Int64.init), strides: strides)))
            }
            let program = Forge.proto + Forge.dictionary([("model", Forge.dictionary(state))]) + Forge.stop
            return Forge.archive([.init(name: "m/data.pkl", contents: program)] + entries)
        }

        /// Compares rows of unit length with the reference.
        func expect(_ matrix: NPYMatrix) throws {
            #expect(matrix.columns == fixture["width"]?.integer)
            let head = try #require(fixture["head"]?.numbers)
            let scale = head.map(abs).max() ?? 0
            for (value, expected) in zip(matrix.values, head) { #expect(abs(Double(value) - expected) <= 1e-3 * scale) }
        }
    }

    private static func model(_ index: Int) throws -> Model {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/published.json")
        return Model(fixture: try #require(JSONValue.read(file).array?[index]))
    }

    /// A hub with some files of a model.
    private static func hub(_ name: String, _ files: [String: Data]) throws -> LoopbackServer {
        let tags = files.mapValues { Digest.of($0) }
        return try LoopbackServer { request, _ in
            let prefix = "/\(name)/resolve/main/"
            guard request.path.hasPrefix(prefix) else { return .init(status: 404) }
            let file = String(request.path.dropFirst(prefix.count))
            guard let body = files[file], let tag = tags[file] else {
                return .init(status: 404, headers: ["X-Error-Code": "EntryNotFound"])
            }
            return .init(headers: ["X-Repo-Commit": commit, "ETag": "\"\(tag)\""], body: body)
        }
    }

    /// A folder with the picture that the fixture's script describes.
    private static func shell() throws -> Shell {
        let shell = try Shell()
        let (width, height) = (150, 100)
        let picture = Raster(
            width: width, height: height,
            pixels: (0..<3 * width * height).map { index in
                let (x, y, channel) = (index / 3 % width, index / 3 / width, index % 3)
                return UInt8((x * x + 2 * y * y + 3 * channel * x * y) / 50 % 256)
            })
        try AtomicFile.write(picture.png(), to: shell.folder.appending(path: "pictures/w1/p.png"))
        return shell
    }

    private static func embed(
        _ shell: Shell, _ backbone: String, _ hub: LoopbackServer?, _ more: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Shell.Outcome {
        try shell.whalebook(
            arguments: options + ["--backbone", backbone] + more,
            environment: [
                "HF_HUB_CACHE": shell.folder.appending(path: "hub").path,
                "HF_ENDPOINT": hub?.address ?? "http://127.0.0.1:9", "HF_TOKEN": "", "no_proxy": "127.0.0.1",
            ].merging(environment) { $1 })
    }

    @Test(arguments: 0..<4)
    func `A published model is fetched and embeds as its reference does`(index: Int) throws {
        let model = try Self.model(index)
        let shell = try Self.shell()
        defer { shell.remove() }
        let (name, file) = (try model.name, try model.weightsName)
        let hub = try Self.hub(name, ["config.json": model.config, file: model.weights(in: shell.folder)])
        let size = model.fixture["size"]?.integer.map { ["--image-size", "\($0)"] } ?? []
        let outcome = try Self.embed(shell, "hf-hub:\(name)", hub, size)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("mean and deviation"), "the config states both")
        let first = shell.folder.appending(path: "e.npy")
        try model.expect(NPYMatrix.read(first))
        let files = hub.requests.filter { $0.method == "GET" }.compactMap { $0.path.split(separator: "/").last }
        #expect(files == ["config.json", Substring(file)])
        // Safetensors are looked for first.
        #expect(hub.requests.contains { $0.path.hasSuffix("/model.safetensors") })

        let again = try Data(contentsOf: first)
        let offline = try Self.embed(shell, "hf-hub:\(name)", nil, size, environment: ["HF_HUB_OFFLINE": "1"])
        #expect(offline.status == 0, "\(offline.errors)")
        #expect(try Data(contentsOf: first) == again)
    }

    @Test func `A folder with the same files needs no hub, and options say otherwise than its config`() throws {
        let model = try Self.model(0)
        let shell = try Self.shell()
        defer { shell.remove() }
        let folder = shell.folder.appending(path: "model")
        try AtomicFile.write(model.config, to: folder.appending(path: "config.json"))
        let missing = try Self.embed(shell, "./model", nil)
        #expect(missing.status == 1)
        #expect(missing.errors.contains("model: it has neither model.safetensors nor pytorch_model.bin"))
        try AtomicFile.write(model.weights(in: shell.folder), to: folder.appending(path: "model.safetensors"))
        let outcome = try Self.embed(shell, "./model", nil)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let file = shell.folder.appending(path: "e.npy")
        try model.expect(NPYMatrix.read(file))
        let whole = try NPYMatrix.read(file).values
        #expect(try Self.embed(shell, "./model", nil, ["--fit", "stretch"]).status == 0)
        #expect(try NPYMatrix.read(file).values != whole)
    }

    @Test func `Nothing is downloaded for an architecture that is not known`() throws {
        let shell = try Self.shell()
        defer { shell.remove() }
        let config = Data(#"{"architecture": "convnext_tinny", "pretrained_cfg": {}}"#.utf8)
        let hub = try Self.hub("a/b", ["config.json": config, "model.safetensors": Data("weights".utf8)])
        let outcome = try Self.embed(shell, "hf-hub:a/b", hub)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("There is no backbone 'convnext_tinny'. Did you mean 'convnext_tiny'?"))
        #expect(hub.requests.allSatisfy { $0.path.hasSuffix("config.json") })
    }

    @Test func `A model without a config, or without weights, says what to do`() throws {
        let shell = try Self.shell()
        defer { shell.remove() }
        let bare = try Self.embed(shell, "hf-hub:a/b", Self.hub("a/b", ["model.safetensors": Data()]))
        #expect(bare.status == 1)
        #expect(bare.errors.contains("hf-hub:a/b has no config.json, so its architecture is unknown."))
        let config = Data(#"{"architecture": "convnext_atto", "pretrained_cfg": {}}"#.utf8)
        let empty = try Self.embed(shell, "hf-hub:a/c", Self.hub("a/c", ["config.json": config]))
        #expect(empty.status == 1)
        #expect(empty.errors.contains("hf-hub:a/c has neither model.safetensors nor pytorch_model.bin"))
    }

    @Test func `A checkpoint that would run a command is refused, and nothing runs`() throws {
        let shell = try Self.shell()
        defer { shell.remove() }
        let config = Data(#"{"architecture": "convnext_atto", "pretrained_cfg": {}}"#.utf8)
        let call = Forge.call(Forge.global("posix", "system"), [Forge.text("touch \(shell.folder.path)/executed")])
        let hub = try Self.hub(
            "a/b", ["config.json": config, "pytorch_model.bin": Forge.checkpoint(Forge.program(call))])
        let outcome = try Self.embed(shell, "hf-hub:a/b", hub)
        #expect(outcome.status == 3 || outcome.status == 1)
        #expect(outcome.errors.contains("its pickle uses 'posix.system', which is not part of a tensor"))
        #expect(!shell.exists("executed") && !shell.exists("e.npy"))
    }

    @Test func `Weights whose statistics nothing states warn, unless the member gives them`() throws {
        let model = try Self.model(0)
        let shell = try Self.shell()
        defer { shell.remove() }
        try AtomicFile.write(model.weights(in: shell.folder), to: shell.folder.appending(path: "w.safetensors"))
        let outcome = try Self.embed(shell, "convnext_atto", nil, ["--weights", "w.safetensors", "--image-size", "64"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.errors.contains(
                "nothing states the mean and deviation that w.safetensors expects of an image, so backbone uses timm's "
                    + "for 'convnext_atto'; if they differ, set mean and deviation of the member"))
    }
}
