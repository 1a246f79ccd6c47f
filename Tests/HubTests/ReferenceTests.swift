import Basics
import Foundation
import Hub
import Testing

/// References to models, and the location of the cache.
struct ReferenceTests {
    @Test func `A reference has an owner, a name and a revision`() throws {
        let plain = try HubReference("hf-hub:timm/tf_efficientnet_lite0.in1k")
        #expect(plain.owner == "timm" && plain.name == "tf_efficientnet_lite0.in1k" && plain.revision == "main")
        #expect(plain.architecture == "tf_efficientnet_lite0")
        #expect(plain.description == "hf-hub:timm/tf_efficientnet_lite0.in1k")
        #expect(plain.tagging("tf_efficientnet_lite0") == "tf_efficientnet_lite0.in1k")
        #expect(plain.tagging("tf_efficientnet_lite0.other") == "tf_efficientnet_lite0.other")
        #expect(plain.tagging("swin") == "swin")
        let pinned = try HubReference("hf-hub:me/net@refs/pr/1")
        #expect(pinned.revision == "refs/pr/1" && pinned.description == "hf-hub:me/net@refs/pr/1")
    }

    @Test(arguments: [
        "hf-hub:", "hf-hub:timm", "hf-hub:timm/", "hf-hub:/x", "hf-hub:a/b/c", "hf-hub:../x", "hf-hub:timm/..",
        "hf-hub:timm/a b", "hf-hub:timm/x@", "hf-hub:timm/x@../../y", "hf-hub:timm/x@/y", "hf-hub:timm/größe",
    ])
    func `An invalid reference is refused`(text: String) {
        #expect(throws: HubError.self) { try HubReference(text) }
        #expect(throws: HubError.self) { try WeightsSource(text) }
    }

    @Test(arguments: ["0", "-1", "0.5", "86401", "1e308", "inf", "nan", "abc", "99999999999999999999"])
    func `An invalid timeout is refused with its name`(seconds: String) throws {
        #expect(throws: HubError.badTimeout(seconds)) { try HubSettings(["HF_HUB_DOWNLOAD_TIMEOUT": seconds]) }
        #expect(try HubSettings(["HF_HUB_DOWNLOAD_TIMEOUT": ""]).patience == 10)
    }

    @Test func `Weights are nothing, a file or a model`() throws {
        #expect(try WeightsSource("none") == .none)
        #expect(try WeightsSource("w/hf-hub.safetensors") == .file(path: "w/hf-hub.safetensors"))
        #expect(try WeightsSource("hf-hub:timm/x") == .hub(HubReference("hf-hub:timm/x")))
    }

    @Test func `The environment sets the cache with Hugging Face's variables`() throws {
        func cache(_ environment: [String: String]) throws -> String { try HubSettings(environment).cache.folder.path }
        #expect(try cache(["HF_HUB_CACHE": "/c", "HF_HOME": "/h"]) == "/c")
        #expect(try cache(["HF_HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/h/hub")
        #expect(try cache(["XDG_CACHE_HOME": "/x"]) == "/x/huggingface/hub")
        #expect(try cache([:]).hasSuffix("/.cache/huggingface/hub"))
        #expect(try HubSettings([:]).endpoint.absoluteString == "https://huggingface.co")
        #expect(try !HubSettings(["HF_HUB_OFFLINE": "0"]).isOffline && HubSettings(["HF_HUB_OFFLINE": "yes"]).isOffline)
        #expect(throws: HubError.badEndpoint("huggingface.co")) { try HubSettings(["HF_ENDPOINT": "huggingface.co"]) }
    }

    @Test func `A commit is found directly, a branch through its ref, and a dangling link is ignored`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hub-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let cache = HubCache(at: folder)
        let commit = String(repeating: "ab", count: 20)
        let branch = try HubReference("hf-hub:timm/x"), pinned = try HubReference("hf-hub:timm/x@\(commit)")
        let file = try cache.link(pinned, etag: "tag", commit: commit)
        #expect(cache.file(.safetensors, of: pinned) == nil, "its blob is not there")
        try AtomicFile.write("contents", to: cache.blob(pinned, etag: "tag"))
        #expect(cache.file(.safetensors, of: pinned) == file && cache.file(.safetensors, of: branch) == nil)
        #expect(try cache.link(branch, etag: "tag", commit: commit) == file)
        #expect(cache.file(.safetensors, of: branch) == file)
    }
}
