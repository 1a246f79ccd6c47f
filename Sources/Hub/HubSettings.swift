import Basics
import Foundation

/// What the environment says about a hub; the names are those of Python's `huggingface_hub`.
public struct HubSettings: Sendable {
    /// `HF_HUB_CACHE`, else `hub` below `HF_HOME`, else `~/.cache/huggingface/hub`.
    public let cache: HubCache
    /// `HF_ENDPOINT`: a hub or a mirror of it.
    public let endpoint: URL
    /// `HF_HUB_OFFLINE`: whether only the cache may be asked.
    public let isOffline: Bool
    /// `HF_TOKEN`: what opens models that are not public; sent to the endpoint alone.
    public let token: String?
    /// `HF_HUB_DOWNLOAD_TIMEOUT`: seconds that a server may be silent, from 1 to 86,400.
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
        // As in Python: a line break from a file is no part of it, and would end a header.
        let token = value("HF_TOKEN")?.filter { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
        self.token = token.flatMap { $0.isEmpty ? nil : $0 }
        let seconds = value("HF_HUB_DOWNLOAD_TIMEOUT") ?? "10"
        guard let patience = TimeInterval(seconds), (1...86_400).contains(patience) else { throw .badTimeout(seconds) }
        self.patience = patience
    }

    /// An address as it may be shown: without the name and password, or the key in a query, that may stand in it.
    public static func shown(_ address: String) -> String {
        let scheme = address.prefixMatch(of: #/[A-Za-z][A-Za-z0-9+.\-]*:\/\//#).map(\.output) ?? ""
        let rest = address.dropFirst(scheme.count)
        let host = rest.lastIndex(of: "@").map { "…" + rest[$0...] } ?? String(rest)
        return scheme + (host.firstIndex(of: "?").map { host[..<$0] + "…" } ?? host)
    }
}

/// A model of a hub: who published it, its name, and which state of it.
public struct HubReference: Sendable, Hashable, CustomStringConvertible {
    /// What a reference begins with; timm writes it so, too.
    public static let scheme = "hf-hub:"
    /// The one file of a model that is read.
    public static let file = "model.safetensors"

    /// Such as `timm`.
    public let owner: String
    /// Such as `tf_efficientnet_lite0.in1k`: an architecture, a dot, and how it was trained.
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
            throw .badReference(text, problem: "it is not of the form hf-hub:OWNER/NAME")
        }
        for part in path where !Self.isPlain(part) {
            throw .badReference(
                text, problem: "\(quoted: part) is no owner or name: letters, digits, '-', '_' and '.' make one")
        }
        let revision = parts.count == 2 ? String(parts[1]) : "main"
        guard revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ Self.isPlain($0) }) else {
            throw .badReference(text, problem: "\(quoted: revision) is no branch, tag or commit")
        }
        owner = path[0]
        name = path[1]
        self.revision = revision
    }

    /// The architecture: the name without how it was trained.
    public var architecture: String { name.split(separator: ".").first.map(String.init) ?? name }

    /// A backbone's name with the tag of these weights where it names their architecture without one: how they were
    /// trained settles what they expect of an image.
    public func tagging(_ backbone: String) -> String { backbone == architecture ? name : backbone }

    /// Whether the revision is a commit, which cannot change.
    var isPinned: Bool { revision.count == 40 && revision.allSatisfy(\.isHexDigit) }

    public var description: String {
        "\(Self.scheme)\(owner)/\(name)" + (revision == "main" ? "" : "@\(revision)")
    }

    /// Whether a text may be one part of a path: nothing that leads out of a folder, and nothing hidden.
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

/// Where a network's first numbers come from.
public enum WeightsSource: Sendable, Equatable {
    /// Drawn by the seed.
    case none
    /// A safetensors file.
    case file(path: String)
    /// A model of a Hugging Face hub.
    case hub(HubReference)

    /// Reads what a configuration or a command says: `none`, a path, or `hf-hub:timm/NAME[@revision]`.
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
