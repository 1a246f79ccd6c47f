import Basics

/// A problem on the way from a reference to its file.
public enum HubError: Error, Equatable, CustomStringConvertible {
    case badReference(String, problem: String)
    case badEndpoint(String)
    /// `HF_HUB_DOWNLOAD_TIMEOUT` is not a valid number of seconds.
    case badTimeout(String)
    case offline(HubReference, cache: String)
    /// `nearest` is the backbone that was probably meant, or the architecture itself if only the rest can be wrong.
    case noModel(HubReference, endpoint: String, nearest: String?)
    case noRevision(HubReference)
    case noFile(HubReference, HubFile)
    /// Neither of the files that can have the weights.
    case noWeights(HubReference)
    case denied(HubReference, hasToken: Bool)
    case refused(host: String, status: Int)
    case busy(host: String, status: Int, seconds: Int64)
    case packed(host: String, encoding: String)
    case badRedirection(host: String, scheme: String)
    case changing(HubReference)
    case noSpace(folder: String, needed: Int64, free: Int64)
    case noHub(host: String)
    case redirectionLoop(host: String, redirections: Int)
    /// `reason` continues the host's name; `advice` says what to do.
    case unreachable(host: String, reason: String, advice: String)
    case brokenOff(HubReference, received: Int64, size: Int64, reason: String)
    case wrongContents(HubReference, expected: String, found: String)

    public var description: String {
        switch self {
        case .badReference(let text, let problem):
            "\(quoted: text): \(problem). Write it like hf-hub:timm/tf_efficientnet_lite0.in1k or with @REVISION."
        case .badTimeout(let text):
            "HF_HUB_DOWNLOAD_TIMEOUT is \(quoted: text); set it to 1 to 86400 seconds, or unset it."
        case .badEndpoint(let text):
            "HF_ENDPOINT is \(quoted: HubSettings.shown(text)), not an http or https address. Correct or unset it."
        case .offline(let reference, let cache):
            """
            \(reference) is not in \(cache), and HF_HUB_OFFLINE forbids downloading it. Unset HF_HUB_OFFLINE, or set \
            HF_HUB_CACHE to the right cache.
            """
        case .noModel(let reference, let endpoint, let nearest):
            "\(endpoint) has no public model \(reference.owner)/\(reference.name). " + Self.advice(reference, nearest)
                + " If it is private, set HF_TOKEN."
        case .noRevision(let reference):
            "\(reference.owner)/\(reference.name) has no revision \(quoted: reference.revision). Omit the revision for the newest."
        case .noFile(let reference, .configuration):
            "\(reference) has no config.json, so its architecture is unknown. Name the architecture as backbone, and give "
                + "the model as weights."
        case .noFile(let reference, let file): "\(reference) has no \(file.rawValue)."
        case .noWeights(let reference):
            "\(reference) has neither \(HubFile.weights.map(\.rawValue).joined(separator: " nor ")), the only formats "
                + "read. Convert it, and give the file's path."
        case .denied(let reference, true):
            "HF_TOKEN has no access to \(reference). Request access on its page, or use another token."
        case .denied(let reference, false): "\(reference) is not public. Set HF_TOKEN to a token with read access."
        case .refused(let host, let status):
            "\(host) refused the request with HTTP status \(status). Try again later, or check HF_ENDPOINT."
        case .busy(let host, let status, let seconds):
            "\(host) refused with HTTP status \(status) and asks to wait \(seconds) seconds. Try again then."
        case .packed(let host, let encoding):
            """
            \(host) sends the file compressed (\(encoding.shortened())) although it was requested uncompressed. Check \
            HF_ENDPOINT, or download the file elsewhere and give its path.
            """
        case .badRedirection(let host, let scheme):
            "\(host) redirects to an address that is not http or https (\(quoted: scheme + ":")). Check HF_ENDPOINT."
        case .changing(let reference):
            "\(reference) changed during the download. Try again later, or give a commit: @ and its 40 digits."
        case .noSpace(let folder, let needed, let free):
            """
            \(folder) has \(NumberText.bytes(Double(free))) of free space, but the download needs \
            \(NumberText.bytes(Double(needed))). Free some space, or set HF_HUB_CACHE to a folder on another disk.
            """
        case .noHub(let host):
            "\(host) is not a Hugging Face hub: its response has no commit or no tag. Check HF_ENDPOINT."
        case .redirectionLoop(let host, let redirections):
            """
            \(host) redirects in a loop: \(redirections) redirections led to no file. Check HF_ENDPOINT, or download the \
            file elsewhere and give its path.
            """
        case .unreachable(let host, let reason, let advice): "\(host) \(reason). \(advice)"
        case .brokenOff(let reference, let received, let size, let reason):
            """
            The download of \(reference) stopped after \(received) of \(size) bytes: \(reason). Start it again to \
            continue from there.
            """
        case .wrongContents(let reference, let expected, let found):
            """
            The download of \(reference) is damaged: expected \(expected) but found \(found). The file was removed; \
            start the download again.
            """
        }
    }

    private static func advice(_ reference: HubReference, _ nearest: String?) -> String {
        switch nearest {
        case nil: "'whalebook backbones' lists the backbones."
        case .some(reference.architecture):
            "The backbone exists: check the owner and the part after the dot, such as '.in1k'."
        case let nearest?: "Did you mean \(quoted: nearest)?"
        }
    }
}
