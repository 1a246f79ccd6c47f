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
