import Basics
import Foundation

/// The hub settings in the environment, with the names of Python's `huggingface_hub`.
public struct HubSettings: Sendable {
    /// `HF_HUB_CACHE`, else `hub` below `HF_HOME`, else `~/.cache/huggingface/hub`.
    public let cache: HubCache
    /// `HF_ENDPOINT`: the address of a hub or a mirror.
    public let endpoint: URL
    /// `HF_HUB_OFFLINE`: whether only the cache may be used.
    public let isOffline: Bool
    /// `HF_TOKEN`: gives access to models that are not public; sent only to the endpoint.
    public let token: String?
    /// `HF_HUB_DOWNLOAD_TIMEOUT`: the seconds a server may be silent, from 1 to 86,400.
    public let patience: TimeInterval

    /// Reads an environment.
    ///
    /// - Throws: ``HubError/badEndpoint(_:)``, ``HubError/badTimeout(_:)``.
    public init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(HubError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        func folder(_ path: String) -> URL { URL(filePath: (path as NSString).expandingTildeInPath) }
        let home =
            value("HF_HOME").map(folder)
            ?? (value("XDG_CACHE_HOME").map(folder) ?? folder("~/.cache")).appending(path: "huggingface")
        cache = HubCache(at: value("HF_HUB_CACHE").map(folder) ?? home.appending(path: "hub"))
        let text = value("HF_ENDPOINT") ?? "https://huggingface.co"
        guard let endpoint = URL(string: text), ["http", "https"].contains(endpoint.scheme),
            endpoint.host()?.isEmpty == false
        else { throw .badEndpoint(text) }
        self.endpoint = endpoint
        isOffline = ["1", "ON", "YES", "TRUE"].contains(value("HF_HUB_OFFLINE")?.uppercased())
        // As in Python: a trailing line break from a file is not part of the token and would end the header.
        let token = value("HF_TOKEN")?.filter { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
        self.token = token.flatMap { $0.isEmpty ? nil : $0 }
        let seconds = value("HF_HUB_DOWNLOAD_TIMEOUT") ?? "10"
        guard let patience = TimeInterval(seconds), (1...86_400).contains(patience) else { throw .badTimeout(seconds) }
        self.patience = patience
    }

    /// An address that is safe to show: without a name, password or query, which may hold a key.
    public static func shown(_ address: String) -> String {
        let scheme = address.prefixMatch(of: #/[A-Za-z][A-Za-z0-9+.\-]*:\/\//#).map(\.output) ?? ""
        let rest = address.dropFirst(scheme.count)
        let host = rest.lastIndex(of: "@").map { "…" + rest[$0...] } ?? String(rest)
        return scheme + (host.firstIndex(of: "?").map { host[..<$0] + "…" } ?? host)
    }
}

/// A file of a published model.
public enum HubFile: String, Sendable, CaseIterable {
    case configuration = "config.json"
    case safetensors = "model.safetensors"
    /// A checkpoint that PyTorch wrote.
    case checkpoint = "pytorch_model.bin"

    /// The files that can have the weights; the first that exists is used.
    public static let weights = [HubFile.safetensors, .checkpoint]
}

/// A model on a hub: its owner, name and revision.
public struct HubReference: Sendable, Hashable, CustomStringConvertible {
    /// The prefix of a reference, as in timm.
    public static let scheme = "hf-hub:"

    /// The owner, such as `timm`.
    public let owner: String
    /// The name, such as `tf_efficientnet_lite0.in1k`: an architecture, a dot and a training tag.
    public let name: String
    /// A branch, a tag or a commit.
    public let revision: String

    /// Reads `hf-hub:OWNER/NAME` or `hf-hub:OWNER/NAME@REVISION`.
    ///
    /// - Throws: ``HubError/badReference(_:problem:)``.
    public init(_ text: String) throws(HubError) {
        let parts = text.dropFirst(Self.scheme.count).split(
            separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard text.hasPrefix(Self.scheme), path.count == 2 else {
            throw .badReference(text, problem: "it does not have the form hf-hub:OWNER/NAME")
        }
        for part in path where !Self.isPlain(part) {
            throw .badReference(
                text,
                problem: "\(quoted: part) is not an owner or a name, which consist of letters, digits, '-', '_' and '.'"
            )
        }
        let revision = parts.count == 2 ? String(parts[1]) : "main"
        guard revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ Self.isPlain($0) }) else {
            throw .badReference(text, problem: "\(quoted: revision) is not a branch, tag or commit")
        }
        owner = path[0]
        name = path[1]
        self.revision = revision
    }

    /// The architecture: the name without its training tag.
    public var architecture: String { name.split(separator: ".").first.map(String.init) ?? name }

    /// Whether timm publishes the model, whose statistics are known by its tag.
    public var isOfTimm: Bool { owner == "timm" }

    /// Adds the training tag of these weights to a backbone's name that has none, because the tag determines the
    /// expected input.
    public func tagging(_ backbone: String) -> String { backbone == architecture ? name : backbone }

    /// Whether the revision is a commit, which cannot change.
    var isPinned: Bool { revision.count == 40 && revision.allSatisfy(\.isHexDigit) }

    public var description: String {
        "\(Self.scheme)\(owner)/\(name)" + (revision == "main" ? "" : "@\(revision)")
    }

    /// Whether a text can be one part of a path: it leads out of no folder and is not hidden.
    public static func isPlain(_ part: some StringProtocol) -> Bool {
        !part.isEmpty && !part.hasPrefix(".") && !part.contains("..")
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

/// The source of a network's initial weights.
public enum WeightsSource: Sendable, Equatable {
    /// Random, determined by the seed.
    case none
    /// A safetensors file or a checkpoint of PyTorch.
    case file(path: String)
    /// A model on a Hugging Face hub.
    case hub(HubReference)

    /// Parses the value in a configuration or a command: `none`, a path, or `hf-hub:timm/NAME[@revision]`.
    ///
    /// - Throws: ``HubError/badReference(_:problem:)``.
    public init(_ text: String) throws(HubError) {
        switch text {
        case "none": self = .none
        case _ where text.hasPrefix(HubReference.scheme): self = .hub(try HubReference(text))
        default: self = .file(path: text)
        }
    }
}
